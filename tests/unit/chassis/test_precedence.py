"""What runs behind calls lets them go first, and never waits for ever."""

import threading

from services.chassis.process.precedence import Precedence

PATIENCE = 120.0


def test_nobody_is_waited_for_where_nobody_calls() -> None:
    Precedence().give_way(PATIENCE)


def test_a_call_goes_first() -> None:
    precedence, order = Precedence(), list[str]()

    def behind() -> None:
        precedence.give_way(PATIENCE)
        order.append("behind")

    with precedence.call():
        thread = threading.Thread(target=behind)
        thread.start()
        order.append("call")
    thread.join()
    assert order == ["call", "behind"]


def test_all_calls_go_first_those_that_fail_too() -> None:
    precedence = Precedence()
    outer = precedence.call()
    outer.__enter__()
    try:
        with precedence.call():
            raise ValueError
    except ValueError:
        pass
    thread = threading.Thread(target=precedence.give_way, args=(PATIENCE,))
    thread.start()
    assert thread.is_alive()
    outer.__exit__(None, None, None)
    thread.join()


def test_patience_ends() -> None:
    precedence = Precedence()
    with precedence.call():
        precedence.give_way(0.01)
