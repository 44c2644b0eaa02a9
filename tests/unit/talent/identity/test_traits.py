"""What is compared is brought to one form first."""

from services.talent.domain.identity.traits import mail_domain, mailbox, telephone


def test_telephones_meet_with_and_without_the_country_code() -> None:
    assert {telephone(text) for text in ("+86 139-1234-5678", "13912345678", "１３９１２３４５６７８")} == {
        "13912345678"
    }
    assert telephone("025-83391234") == "02583391234"


def test_an_open_mail_domain_says_nothing_about_work() -> None:
    assert mailbox(" A@SEU.edu.cn ") == "a@seu.edu.cn"
    assert mail_domain("a@seu.edu.cn") == "seu.edu.cn"
    assert mail_domain("a@qq.com") == mail_domain("") == ""
