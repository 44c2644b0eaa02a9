from threading import Event, active_count, get_ident

from services.kernel.threads import standing


def test_all_threads_stand_before_the_first_work_and_no_other_is_started() -> None:
    before, ended = active_count(), Event()
    with standing(5, "some") as pool:
        assert active_count() == before + 5
        waiting = [pool.submit(lambda: ended.wait(60) and get_ident()) for _ in range(20)]
        assert active_count() == before + 5
        ended.set()
        assert len({each.result() for each in waiting}) <= 5
