"""HTML is turned into what its reader sees, without what is quoted."""

import pytest

from notifications.incoming.hypertext import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("One <b>two</b>\n three", "One two three"),
        ("a &lt; b &amp; c &nbsp;d &#233;", "a < b & c d é"),
        ("<style>p {}</style><script>x()</script>Done", "Done"),
        ("<head><title>T</title></head><body>Done</body>", "Done"),
        ("Done<!-- not said --> now", "Done now"),
        ("Done<!-- never closed", "Done<!-- never closed"),
        ("<![if !mso]>Done<![endif]>", "Done"),
        ("Done<blockquote>Not yet?<p>x</p></blockquote>", "Done"),
        ("Done<div class='gmail_quote'>On Monday<div>Not yet</div></div> indeed", "Done indeed"),
        ("Done<div id='appendonsend'></div><div>From: us, not yet</div>", "Done"),
        ("</p></blockquote>Done", "Done"),
        ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3"),
        ("<p", "<p"),
        ("", ""),
    ],
)
def test_html_is_read_as_it_is_seen(html: str, text: str) -> None:
    assert plain_text(html) == text
