import time, cProfile, pstats
from datetime import date, timedelta
from tests.support.reports_read import *
from tests.support.appointment_files import HEADER, row as arow, written, source
from fscdesk.services.importing.reading import ReadFile
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.any_file import import_any
from tests.support.payments import verify, cents
from tests.books.importing.reports.test_all_or_nothing import many
def test_big(sqlite_books):
    n=6000
    first=date(2025,4,1)
    rows=[]
    pays=many(n)
    for at in range(1,n+1):
        p=pays[at-1]; name=p[4]; amt=float(p[5])
        r=list(arow()); 
        r[0]=f"{first+timedelta(days=at%360):%m/%d/%Y} {8+at%10:02d}:{(at//360)%60:02d}"; r[1]=name; r[2]="Testa Fernsample"; r[4]=""
        r[6]=str(amt); r[8]=str(amt); r[10]="PAID"; r[11]=str(amt); r[12]="0.0"; r[13]=str(amt); r[14]="0.0"; r[15]=""; 
        for k in (16,17,18,19): r[k]="0.0"
        rows.append(r)
    f=source(written([HEADER,*rows]),"a.csv"); rec=recognise(f)
    read=ReadFile(f,rec,read_appointments(f,rec))
    t=time.process_time(); d=sqlite_books.write(lambda w: import_any(w, read, accept_proposals=True)).value; print("sessions", time.process_time()-t, d.plan.created, d.plan.skipped)
    pr=cProfile.Profile(); 
    rd=report(EXPORT,*pays)
    t=time.process_time(); pr.enable(); d=brought(sqlite_books, rd); pr.disable(); print("export", time.process_time()-t, d.plan.created)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(12)
    print(sqlite_books.read(lambda w: cents(w,"1060")))
    t=time.process_time(); verify(sqlite_books); print("verify", time.process_time()-t)
    from fscdesk.services.payments.clearing_list import clearing_list
    from fscdesk.services.importing.undoing import undo_import
    t=time.process_time(); sqlite_books.write(lambda w: undo_import(w, d.batch_id)); print("undo", time.process_time()-t)
    t=time.process_time(); x=sqlite_books.read(clearing_list); print("list", time.process_time()-t, len(x.lines))
