"""Whatever a stranger or a broken browser sends gets a clear page: never a 5xx, and nothing is lost or taken over."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests import factories as make
from tests.portal.journey import GuardianVisitor, Visitor
from wagtail_cohorts.enrollments.models import Enrollment

pytestmark = pytest.mark.django_db
VERIFY, NEW_LINK = reverse("wagtail_cohorts:verify"), reverse("wagtail_cohorts:ask_for_link")

TEXTS = [
    "", " ", "\x00", "a\x00b", "\u202eevil", "\ud800", "𝕏" * 50, "é" * 10_000, "<script>alert(1)</script>", "{{7*7}}",
    "' OR 1=1 --", "../../etc/passwd", "%00%ff", "\r\nSet-Cookie: x=1", "NaN", "-1", "9" * 400, "on", "true", "null",
]  # fmt: skip
BODIES = [
    b"", b"{", b"[]", b"null", b"1", b'"x"', b'{"values": []}', b'{"values": {"street": {"a": 1}}}', b"[" * 100_000,
    b'{"values": {"street": "\\ud800"}}', b'{"values": {"street": "a\\u0000b"}}', b"\xff\xfe\x00", b"\x80" * 1000,
    b'{"values": {"street": NaN}}', b'{"values": {"' + b"k" * 5000 + b'": "v"}}', b'{"values": {"street": 1e999}}',
    b'{"values": {"street": "' + b"x" * 150_000 + b'"}}', b"x" * 300_000,
]  # fmt: skip
TYPES = [
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/json; charset=rubbish",
    "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=rubbish",
]  # fmt: skip


@pytest.fixture
def visitor() -> Visitor:
    found = Visitor(make.invited(make.enrolling()))
    found.client.raise_request_exception = False
    return found


def writable(visitor: Visitor) -> list[str]:
    agreement = visitor.enrollment.agreements.get().uuid
    document = visitor.enrollment.cohort.required_documents.get().uuid
    return [
        *(visitor.url(name) for name in ("details", "documents", "signature", "review", "decline")),
        visitor.url("agreement", agreement=agreement), visitor.url("save", agreement=agreement),
        visitor.url("add_files", document=document), NEW_LINK, VERIFY,
    ]  # fmt: skip


def fine(answer: Any) -> bool:
    return answer.status_code < 500


def test_any_body_of_any_type_gets_an_answer(visitor: Visitor) -> None:
    chance = random.Random(20261124)
    bodies = [*BODIES, *(chance.randbytes(chance.randint(1, 400)) for _ in range(10))]
    urls = [url for url in writable(visitor) if not url.endswith("new-link/")]
    for place, body in enumerate(bodies):
        for kind in chance.sample(TYPES, 3):
            url = urls[place % len(urls)]
            answer = visitor.client.generic("POST", url, body, content_type=kind)
            assert fine(answer), (url, kind, body[:60], answer.status_code)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    for url in writable(visitor):
        assert fine(getattr(visitor.client, method)(url)), url


def test_any_text_in_any_field_gets_an_answer(visitor: Visitor) -> None:
    names = [
        "first_name", "last_name", "phone", "birth_date", "city", "gender", "race", "disability", "identity_number",
        "f-street", "method", "typed_name", "drawn_signature", "drawn_initials", "seen", "consent", "code", "email",
    ]  # fmt: skip
    urls = [url for url in writable(visitor) if "decline" not in url and "new-link" not in url]
    for text in TEXTS:
        text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        for url in urls:
            answer = visitor.client.post(url, dict.fromkeys(names, text))
            assert fine(answer), (url, text[:40], answer.status_code)
            assert "<script>alert(1)" not in answer.content.decode()


def test_no_field_of_a_model_can_be_set_by_naming_it(visitor: Visitor) -> None:
    before = Enrollment.objects.filter(pk=visitor.enrollment.pk)
    names = [field.attname for field in Enrollment._meta.fields]
    kept = (
        "state",
        "verification",
        "institution_id",
        "cohort_id",
        "email",
        "uuid",
        "submitted_at",
        "verified_at",
    )
    old = before.values(*kept).get()
    data = {**dict.fromkeys(names, "1"), "state": "complete", "verification": "verified", "role": "sponsor"}
    for url in writable(visitor)[:5]:
        if "decline" not in url:
            visitor.client.post(url, data)
    new = before.values(*kept).get()
    assert new == old


ODD = ["?day=9999-99-99", "?day=\x00", "?language=\x00", "?language=" + "x" * 5000, "?day[]=1"]


@pytest.mark.parametrize("query", ODD)
def test_odd_queries_get_an_answer(visitor: Visitor, query: str) -> None:
    agreement = visitor.enrollment.agreements.get().uuid
    image = visitor.url("page", agreement=agreement, page=1, width=160)
    for url in (visitor.url("welcome"), image, VERIFY, NEW_LINK):
        assert fine(visitor.client.get(url + query)), url


@pytest.mark.parametrize("code", ["", "x", "\x00", "A" * 79, "22222-22222-22222-22222", "٣" * 20, "é"])
def test_odd_codes_are_unknown_not_false(code: str) -> None:
    answer = Client(raise_request_exception=False).get(VERIFY, {"code": code})
    assert answer.status_code == 200
    if code.strip("\x00 "):
        assert "We do not know this" in answer.content.decode()


@pytest.mark.parametrize("token", ["%00", "%ff%fe", "a" * 5000, "..", "<script>", "%2e%2e%2f", "‮"])
def test_odd_tokens_open_nothing(token: str) -> None:
    url = reverse("wagtail_cohorts:open_link", args=["-"]).replace("-", token)
    assert Client(raise_request_exception=False).get(url).status_code in (400, 404)


@pytest.mark.parametrize("value", ["", "\x00", "é", "x" * 5000, "a;b", '"'])
def test_odd_cookies_open_nothing(visitor: Visitor, value: str) -> None:
    stranger = Client(raise_request_exception=False)
    stranger.cookies[f"wc_{visitor.link.uuid.hex}"] = value
    stranger.cookies["wc_language"] = value
    assert stranger.get(visitor.url("welcome")).status_code == 404


def bomb() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    return buffer.getvalue()


def encrypted() -> bytes:
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(make.small_pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


BAD_FILES = {
    "empty": lambda: b"", "text": lambda: b"hello", "truncated": lambda: make.small_pdf()[:300],
    "encrypted": encrypted, "disguised": lambda: b"%PDF-" + b"MZ" * 400, "bomb": bomb,
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "half a photo": lambda: make.photo()[:400], "noise": lambda: random.Random(7).randbytes(5000),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_cannot_be_taken_is_refused_in_words_on_its_card(visitor: Visitor, kind: str) -> None:
    document = visitor.enrollment.cohort.required_documents.get()
    for name in ("id.pdf", "id.jpg", "../../x.php", "a" * 300 + ".pdf", "\u202egpj.exe"):
        file = SimpleUploadedFile(name, BAD_FILES[kind](), content_type="application/pdf")
        answer = visitor.post("add_files", {"file": file}, document=document.uuid)
        assert answer.status_code == 200 and 'class="err"' in answer.content.decode(), (kind, name)
        if kind == "bomb":
            break
    assert not visitor.enrollment.uploads.exists()


@pytest.mark.parametrize("kind", BAD_FILES)
def test_any_file_gets_a_verdict(kind: str) -> None:
    file = SimpleUploadedFile("x.pdf", BAD_FILES[kind](), content_type="application/pdf")
    answer = Client(raise_request_exception=False).post(VERIFY, {"file": file})
    assert answer.status_code == 200


def test_a_file_that_is_too_large_is_refused_with_the_limit(visitor: Visitor, settings: Any) -> None:
    settings.WAGTAIL_COHORTS_MAX_UPLOAD_BYTES = 2_000_000
    document = visitor.enrollment.cohort.required_documents.get()
    file = SimpleUploadedFile("big.pdf", b"%PDF-" + b"0" * 2_000_001)
    answer = visitor.post("add_files", {"file": file}, document=document.uuid)
    assert "larger than 2 MB" in answer.content.decode()


def test_ids_that_are_not_ones_are_not_found(visitor: Visitor) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    for name, kwargs in [
        ("agreement", {"agreement": nowhere}), ("file", {"upload": nowhere}), ("copy", {"agreement": nowhere}),
        ("remove_file", {"upload": nowhere}), ("add_files", {"document": nowhere}),
        ("final", {"part": "package"}), ("final", {"part": "enrollment"}),
    ]:  # fmt: skip
        url = reverse(f"wagtail_cohorts:student_{name}", kwargs={"link": visitor.link.uuid, **kwargs})
        assert visitor.client.post(url).status_code in (303, 404, 405), name
        assert visitor.client.get(url).status_code in (303, 404, 405), name


def test_whatever_is_sent_to_a_guardians_pages_gets_an_answer_and_signs_nothing() -> None:
    student = make.submitted(make.with_guardian(), birth_date=make.years_ago(16))
    visitor = GuardianVisitor(student)
    visitor.client.raise_request_exception = False
    agreement, chance = student.agreements.get(), random.Random(20261124)
    urls = [visitor.url(name) for name in ("signature", "review")]
    urls += [visitor.url(name, agreement=agreement.uuid) for name in ("agreement", "save")]
    names = ("f-guardian_id", "method", "typed_name", "drawn_signature", "seen", "consent", "reason")
    for place, body in enumerate(BODIES):
        url, kind = urls[place % len(urls)], chance.choice(TYPES)
        assert fine(visitor.client.generic("POST", url, body, content_type=kind)), (url, kind, body[:60])
    texts = [text for text in TEXTS if text != "\ud800"]  # no client can send that one in a form
    for text in texts:
        for url in urls:
            assert fine(visitor.client.post(url, dict.fromkeys(names, text))), (url, text[:40])
    naming = Visitor(make.invited(student.cohort, birth_date=make.years_ago(16)))
    for text in texts:
        fields = dict.fromkeys(("name", "relation", "email", "phone"), text)
        assert fine(naming.post("guardian", fields)), text[:40]
    assert not agreement.acts.filter(role_key="guardian").exists()
