"""Pages for a browser: plain HTML, no script, nothing inline. Source: reliability rules, exposure.

A page may load its style sheet and send its form to this server, and nothing else. A form's answer may
redirect to the program that asked, so its origin has to be allowed too: browsers check redirects of forms.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Engine

_LAYOUT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<link rel="stylesheet" href="/accounts/style.css">
</head>
<body>
<main>
<h1>{{ title }}</h1>
{% for line in lines %}<p>{{ line }}</p>
{% endfor %}{% for error in errors %}<p role="alert">{{ error }}</p>
{% endfor %}{% if fields or buttons %}<form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="{{ csrf }}">
{% for field in fields %}<label for="{{ field.name }}">{{ field.label }}</label>
<input id="{{ field.name }}" name="{{ field.name }}" type="{{ field.type }}" value="{{ field.value }}" \
autocomplete="{{ field.autocomplete }}" maxlength="{{ field.longest }}" required>
{% endfor %}{% for button in buttons %}<button name="answer" value="{{ button.value }}"\
{% if button.skips %} formnovalidate{% endif %}>{{ button.label }}</button>
{% endfor %}</form>
{% endif %}</main>
</body>
</html>
"""

STYLE = """body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d1d1f; background: #f4f4f5; }
main { max-width: 26rem; margin: 10vh auto; padding: 2rem; background: white; border-radius: 12px; }
h1 { margin-top: 0; font-size: 1.4rem; }
label { display: block; margin-top: 1rem; }
input { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid #8e8e93;
  border-radius: 6px; }
button { margin: 1.5rem .5rem 0 0; padding: .6rem 1.2rem; font: inherit; border: 1px solid #8e8e93;
  border-radius: 6px; background: white; }
button:first-of-type { color: white; background: #0a5a8a; border-color: #0a5a8a; }
[role=alert] { padding: .6rem; color: #8a1c1c; background: #fdeaea; border-radius: 6px; }
"""

_engine = Engine()
_template = _engine.from_string(_LAYOUT)


def page(
    request: HttpRequest,
    title: str,
    lines: list[str],
    *,
    fields: list[dict[str, Any]] | None = None,
    buttons: list[dict[str, Any]] | None = None,
    errors: list[str] | None = None,
    leads_to: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return a page of text, or one with a form that is sent to the page's own address.

    `leads_to` is the origin a redirect of the form may go to. Everything is escaped.
    """
    values = {
        "title": title,
        "lines": lines,
        "fields": fields or [],
        "buttons": buttons or [],
        "errors": errors or [],
        "csrf": get_token(request) if fields or buttons else "",
    }
    response = HttpResponse(_template.render(Context(values)).encode(), status=status)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        + f"form-action 'self' {leads_to}".strip()
    )
    # With `no-referrer` a browser sends its form with `Origin: null`, which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our page (Django's hook)."""
    why = "Your browser did not send back the cookie of this page, or the page was open for too long."
    lines = [why, "Go back to the program and try once more."]
    return page(request, "Please start again", lines, status=403)
