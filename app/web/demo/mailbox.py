"""The mailbox: what everybody would have received, newest first, each mail as its reader sees it."""

from flask import current_app, render_template, request

from app import db
from app.mail.render import linked
from app.policies import Act
from app.queries.mailbox import mail as read_mail
from app.queries.mailbox import mailbox as read_mailbox
from app.web.demo import pages
from app.web.doors import allow, found_or_404


@pages.get("/courriels")
def mailbox() -> str:
    allow(Act.SEE_SITE)
    to, after = request.args.get("pour", "")[:254], request.args.get("apres", "")[:30]
    return render_template("demo/mail/list.html", box=read_mailbox(db.session(), to=to, after=after), to=to)


@pages.get("/courriels/<mail_id>")
def mail(mail_id: str) -> str:
    allow(Act.SEE_SITE)
    found = found_or_404(read_mail(db.session(), mail_id))
    body = linked(found.text, current_app.config["SETTINGS"].base_url, here=True)
    return render_template("demo/mail/show.html", mail=found, body=body)
