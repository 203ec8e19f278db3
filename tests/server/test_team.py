"""The team: roles, suspension, leaving; invitations by mail."""

from datetime import timedelta
from typing import Any

import pytest

from tests.server.shop import Shop
from tests.server.team import code_in, give_email, join, place_of, signed_in

SUSPENDED = (
    "Your place in this team is suspended. An owner or admin can readmit you, or you may leave the team."
)
OWNER_NEEDED = "An organization needs an owner. Make somebody else an owner first."


def _team(shop: Shop) -> str:
    return f"organization/{shop.organization.uid}/team/"


def _invites(shop: Shop) -> str:
    return f"organization/{shop.organization.uid}/invites/"


def _place(shop: Shop, person: Shop | None = None) -> str:
    return f"{_team(shop)}{place_of(person or shop).uid}/"


def _invite(shop: Shop, email: str, role: str = "member") -> dict[str, Any]:
    made = shop.post(_invites(shop), {"email": email, "role": role})
    assert made.status_code == 201, made.content
    return made.json()


def _accept(person: Shop, code: str, **headers: str) -> Any:
    return person.post(f"invites/{code}/accept/", None, **headers)


def test_the_team_has_the_published_fields(shop: Shop) -> None:
    join(shop, "member")
    body = shop.get(_team(shop)).json()
    assert body["count"] == 2
    first, second = body["results"]
    assert set(first) == {"uid", "user", "role", "joined", "is_active"}
    assert set(first["user"]) == {"uid", "username", "email", "first_name", "last_name"}
    assert (first["role"], second["role"]) == ("owner", "member")
    assert shop.get(f"{_team(shop)}{first['uid']}/").json() == first


def test_roles_change(shop: Shop) -> None:
    member = join(shop, "member")
    assert shop.patch(_place(shop, member), {"role": "admin"}).json()["role"] == "admin"
    assert member.patch(_place(shop, member), {"role": "member"}).json()["role"] == "member"
    assert member.patch(_place(shop, member), {"role": "admin"}).status_code == 403


@pytest.mark.parametrize("body", [{"role": "king"}, {"role": None}, {"role": 1}, {"is_active": "x"}, [], "x"])
def test_bad_changes_are_refused(shop: Shop, body: Any) -> None:
    assert shop.errors(shop.patch(_place(shop, join(shop, "member")), body))


def test_the_last_owner_stays(shop: Shop) -> None:
    admin = join(shop, "admin")
    assert shop.errors(shop.patch(_place(shop), {"role": "admin"})) == {"role": [OWNER_NEEDED]}
    assert shop.errors(shop.patch(_place(shop), {"is_active": False})) == {"is_active": [OWNER_NEEDED]}
    gone = shop.delete(_place(shop))
    assert (gone.status_code, gone.json()) == (409, {"detail": OWNER_NEEDED})
    shop.patch(_place(shop, admin), {"role": "owner"})
    assert shop.patch(_place(shop), {"role": "member"}).status_code == 200
    assert admin.errors(admin.patch(_place(shop, admin), {"role": "member"})) == {"role": [OWNER_NEEDED]}


def test_a_suspended_owner_does_not_count_as_one(shop: Shop) -> None:
    second = join(shop, "owner")
    assert shop.patch(_place(shop, second), {"is_active": False}).status_code == 200
    assert shop.delete(_place(shop)).status_code == 409


def test_an_owner_is_out_of_an_admins_reach(shop: Shop) -> None:
    admin, owner, member = join(shop, "admin"), join(shop, "owner"), join(shop, "member")
    assert admin.patch(_place(shop, owner), {"role": "member"}).status_code == 403
    assert admin.patch(_place(shop, owner), {"is_active": False}).status_code == 403
    assert admin.delete(_place(shop, owner)).status_code == 403
    assert admin.patch(_place(shop, admin), {"role": "owner"}).status_code == 403
    assert admin.post(_invites(shop), {"email": "x@example.com", "role": "owner"}).status_code == 403
    assert admin.delete(_place(shop, member)).status_code == 204


def test_a_suspended_member_may_do_nothing_until_readmitted(shop: Shop) -> None:
    member = join(shop, "member")
    assert shop.patch(_place(shop, member), {"is_active": False}).json()["is_active"] is False
    refused = member.get("inventory/")
    assert refused.status_code == 403
    assert "suspended" in refused.json()["detail"]
    assert member.get("user/me/").status_code == 200
    assert shop.patch(_place(shop, member), {"is_active": True}).status_code == 200
    assert member.get("inventory/").status_code == 200


def test_a_removed_member_sees_nothing_any_more(shop: Shop) -> None:
    member = join(shop, "admin")
    uid = shop.item()["uid"]
    assert member.get(f"inventory/{uid}/").status_code == 200
    assert shop.delete(_place(shop, member)).status_code == 204
    for refused in (member.get(f"inventory/{uid}/"), signed_in(member).get(f"inventory/{uid}/")):
        assert refused.status_code == 403
    assert signed_in(member).get("user/me/").json()["organization"] is None
    assert shop.get(_team(shop)).json()["count"] == 1


def test_a_member_may_leave_and_nobody_else_is_removed_by_one(shop: Shop) -> None:
    member, other = join(shop, "member"), join(shop, "member")
    assert member.delete(_place(shop, other)).status_code == 403
    assert member.delete(_place(shop, member)).status_code == 204
    assert member.get(_team(shop)).status_code == 403


def test_who_is_suspended_may_leave_and_sees_nothing_else(shop: Shop) -> None:
    member, uid = join(shop, "admin"), shop.item()["uid"]
    shop.patch(_place(shop, member), {"is_active": False})
    for person in (member, signed_in(member)):
        for path in (
            f"inventory/{uid}/",
            _team(shop),
            _place(shop),
            f"organization/{shop.organization.uid}/",
        ):
            refused = person.get(path)
            assert (refused.status_code, refused.json()["detail"]) == (403, SUSPENDED)
        assert person.delete(_place(shop)).status_code == 403  # somebody else's place
        (place,) = [one for one in person.get("organization/").json()["results"] if one["is_current"]]
        assert (place["is_active"], place["member"]) == (False, place_of(member).uid)
    assert signed_in(member).delete(f"{_team(shop)}{place['member']}/").status_code == 204
    assert shop.get(_team(shop)).json()["count"] == 1
    assert signed_in(member).get("organization/").json()["count"] == 0


def test_a_team_one_does_not_work_in_can_be_left(shop: Shop, other_shop: Shop) -> None:
    from instica_desktop.server.models import Membership, User

    there = Membership.objects.create(
        user=shop.user, organization=other_shop.organization, role="member", is_active=False
    )
    path = f"{_team(other_shop)}{there.uid}/"
    assert shop.delete(path).status_code == 404  # a key knows only its own organization
    User.objects.filter(pk=shop.user.pk).update(organization=None)
    assert signed_in(shop).delete(path).status_code == 204
    assert not Membership.objects.filter(pk=there.pk).exists()


def test_an_invitation_is_mailed_and_joins_once(shop: Shop, other_shop: Shop, outbox: list[Any]) -> None:
    email = give_email(other_shop, "Anna@Example.com")
    invite = _invite(shop, email, "admin")
    assert set(invite) == {"uid", "email", "role", "created", "expires", "invited_by"}
    assert invite["email"] == "anna@example.com"
    (mail,) = outbox
    assert mail.to == ["anna@example.com"]
    assert shop.organization.display_name in mail.subject
    code = code_in(mail)
    assert code not in shop.get(_invites(shop)).content.decode()
    joined = _accept(signed_in(other_shop), code)
    assert (joined.status_code, joined.json()["role"]) == (200, "admin")
    assert signed_in(other_shop).get("user/me/").json()["organization"]["uid"] == shop.organization.uid
    assert shop.get(_team(shop)).json()["count"] == 2
    assert shop.get(_invites(shop)).json()["count"] == 0
    again = other_shop.errors(_accept(other_shop, code))
    assert again == {"non_field_errors": ["This invitation was used already."]}
    assert shop.get(_team(shop)).json()["count"] == 2


def test_a_repeated_acceptance_with_its_key_gets_its_answer(
    shop: Shop, other_shop: Shop, outbox: list[Any]
) -> None:
    _invite(shop, give_email(other_shop, "twice@example.com"))
    code = code_in(outbox[0])
    answers = [_accept(other_shop, code, HTTP_IDEMPOTENCY_KEY="join") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def test_who_leaves_works_in_the_own_shop_again(shop: Shop, other_shop: Shop, outbox: list[Any]) -> None:
    home, guest = other_shop.organization.uid, signed_in(other_shop)
    _invite(shop, give_email(other_shop, "guest@example.com"))
    member = _accept(guest, code_in(outbox[0])).json()
    assert guest.get(f"organization/{home}/").status_code == 404
    assert guest.delete(f"{_team(shop)}{member['uid']}/").status_code == 204
    assert guest.get(f"organization/{home}/").status_code == 200


def test_joining_by_a_key_leaves_the_sign_ins_where_they_are(
    shop: Shop, other_shop: Shop, outbox: list[Any]
) -> None:
    home, window = other_shop.organization.uid, signed_in(other_shop)
    _invite(shop, give_email(other_shop, "by-key@example.com"))
    assert _accept(other_shop, code_in(outbox[0])).status_code == 200
    assert window.get("user/me/").json()["organization"]["uid"] == home
    assert shop.get(_team(shop)).json()["count"] == 2


def test_the_token_is_stored_as_a_hash(shop: Shop, outbox: list[Any]) -> None:
    from instica_desktop.server.models import Invite

    invite = _invite(shop, "hash@example.com")
    row = Invite.objects.get(uid=invite["uid"])
    assert code_in(outbox[0]) not in " ".join(str(value) for value in vars(row).values())


def test_the_code_stays_out_of_the_log(
    shop: Shop, other_shop: Shop, outbox: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    _invite(shop, "log@example.com")
    code = code_in(outbox[0])
    assert _accept(other_shop, code).status_code == 403
    assert "/invites/•••/accept/" in caplog.text
    assert code not in caplog.text


def test_another_accounts_invitation_is_refused(shop: Shop, other_shop: Shop, outbox: list[Any]) -> None:
    give_email(other_shop, "eve@example.com")
    _invite(shop, "anna2@example.com")
    refused = _accept(other_shop, code_in(outbox[0]))
    assert refused.status_code == 403
    assert refused.json() == {"detail": "This invitation was sent to another mail address."}
    assert shop.get(_team(shop)).json()["count"] == 1


def test_an_expired_invitation_is_refused_and_can_be_renewed(
    shop: Shop, other_shop: Shop, outbox: list[Any]
) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Invite

    invite = _invite(shop, give_email(other_shop, "late@example.com"))
    Invite.objects.filter(uid=invite["uid"]).update(expires=timezone.now() - timedelta(seconds=1))
    assert "expired" in other_shop.errors(_accept(other_shop, code_in(outbox[0])))["non_field_errors"][0]
    renewed = shop.post(f"{_invites(shop)}{invite['uid']}/resend/")
    assert renewed.status_code == 200
    assert renewed.json()["expires"] > invite["created"]
    assert _accept(other_shop, code_in(outbox[0])).status_code == 404  # the former code is dead
    assert _accept(other_shop, code_in(outbox[1])).status_code == 200


def test_a_withdrawn_invitation_opens_nothing(shop: Shop, other_shop: Shop, outbox: list[Any]) -> None:
    invite = _invite(shop, give_email(other_shop, "gone@example.com"))
    assert shop.delete(f"{_invites(shop)}{invite['uid']}/").status_code == 204
    assert _accept(other_shop, code_in(outbox[0])).status_code == 404


@pytest.mark.parametrize("code", ["x", "%00", "%F0%9F%98%80", "a" * 3000])
def test_a_code_that_is_none_is_absent(shop: Shop, code: str) -> None:
    assert _accept(shop, code).status_code == 404


def test_nobody_is_invited_twice_or_when_in_the_team(shop: Shop, outbox: list[Any]) -> None:
    give_email(shop, "boss@example.com")
    assert list(shop.errors(shop.post(_invites(shop), {"email": "BOSS@example.com", "role": "admin"}))) == [
        "email"
    ]
    _invite(shop, "one@example.com")
    again = shop.post(_invites(shop), {"email": "One@Example.com", "role": "admin"})
    assert list(shop.errors(again)) == ["email"]
    assert len(outbox) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "anna"),
        ("email", "a@b\x00.com"),
        ("email", "a@example.com\nBcc: b@example.com"),
        ("email", "x" * 250 + "@example.com"),
        ("email", 5),
        ("email", None),
        ("role", "king"),
        ("role", None),
    ],
)
def test_bad_invitations_are_named(shop: Shop, field: str, value: Any, outbox: list[Any]) -> None:
    body = {"email": "new@example.com", "role": "member", field: value}
    assert list(shop.errors(shop.post(_invites(shop), body))) == [field]
    assert outbox == []


def test_a_name_with_line_breaks_adds_no_mail_header(shop: Shop, outbox: list[Any]) -> None:
    from instica_desktop.server.models import Organization

    Organization.objects.filter(pk=shop.organization.pk).update(display_name="Shop\r\nBcc: x@example.com")
    _invite(shop, "safe@example.com")
    assert "\n" not in outbox[0].subject


@pytest.mark.allow_log(r"ERROR instica_desktop.server.messaging.mail: a mail could not be sent")
def test_an_invitation_outlives_a_mail_server_that_fails(shop: Shop) -> None:
    from django.test import override_settings

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
        assert shop.post(_invites(shop), {"email": "m@example.com", "role": "member"}).status_code == 201
    assert shop.get(_invites(shop)).json()["count"] == 1


def test_members_do_not_see_invitations(shop: Shop) -> None:
    member = join(shop, "member")
    assert member.get(_invites(shop)).status_code == 403
    assert member.get(_team(shop)).status_code == 200
