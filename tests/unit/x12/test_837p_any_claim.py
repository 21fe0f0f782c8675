"""Whatever claim can be built is written, taken by pyx12, and read back to the same claim."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings

from fscdesk.services.x12.professional import ProfessionalFile
from fscdesk.services.x12.reading_837p import read_837p
from fscdesk.services.x12.writing_837p import write_837p
from tests.support.any_professional_claim import files
from tests.support.pyx12_judge import assert_accepted

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=25, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.generate])
@given(files())
def test_any_file_is_accepted_and_reads_back_equal(file: ProfessionalFile) -> None:
    text = write_837p(file)
    assert_accepted(text)
    reading = read_837p(text)
    assert reading.oddities == ()
    assert reading.files == (file,)
    assert write_837p(reading.files[0]) == text
