"""The reports beside the appointments, one file each: what a row of it does to the books."""
