"""What is compared is brought to one form first."""

from services.talent.domain.identity.traits import mail_domain, mailbox, organisation, telephone


def test_an_organisation_is_known_by_its_name_without_form_and_punctuation() -> None:
    forms = (
        "南通海氢科技有限公司",
        "南通海氢科技股份有限公司",
        "南通海氫科技（有限公司）",
        " 南通 海氢科技 ",
    )
    assert {organisation(form) for form in forms} == {"南通海氢科技"}
    assert organisation("江苏省产业技术研究院") == organisation("产业技术研究院")
    assert organisation("公司") == "公司"


def test_telephones_meet_with_and_without_the_country_code() -> None:
    assert {telephone(text) for text in ("+86 139-1234-5678", "13912345678", "１３９１２３４５６７８")} == {
        "13912345678"
    }
    assert telephone("025-83391234") == "02583391234"


def test_an_open_mail_domain_says_nothing_about_work() -> None:
    assert mailbox(" A@SEU.edu.cn ") == "a@seu.edu.cn"
    assert mail_domain("a@seu.edu.cn") == "seu.edu.cn"
    assert mail_domain("a@qq.com") == mail_domain("") == ""
