"""Delivery reports as mail servers write them."""


def report(message_id: str, status: str = "5.1.1", action: str = "failed", original: str = "message/rfc822") -> bytes:
    """Return a report in the form that Postfix gives it."""
    headers = f"Message-ID: {message_id}\nSubject: =?utf-8?b?2LHYo9uM?=\nTo: person1@example.org\n"
    return (
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\n"
        "To: vote@example.org\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n'
        "\n"
        "This is a MIME-encapsulated message.\n"
        "--B\nContent-Description: Notification\nContent-Type: text/plain; charset=utf-8\n\n"
        "I'm sorry to have to inform you that your message could not be delivered.\n\n"
        "--B\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.org\n"
        "X-Postfix-Queue-ID: 4F1\n"
        "Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\n\n"
        "Final-Recipient: rfc822; person1@example.org\n"
        f"Action: {action}\n"
        f"Status: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} <person1@example.org>: Recipient address rejected\n\n"
        f"--B\nContent-Description: Undelivered Message\nContent-Type: {original}\n\n"
        f"{headers}\nBody\n\n--B--\n"
    ).encode()


def exchange_report(message_id: str) -> bytes:
    """Return a report without the mail, which only names it as what it answers."""
    return (
        "From: postmaster@example.org\nTo: vote@example.org\n"
        f"In-Reply-To: {message_id}\nReferences: {message_id}\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n boundary="x"\n\n'
        "--x\nContent-Type: text/html\n\n<p>It failed</p>\n"
        "--x\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns;mail.example.org\n\n"
        "Final-recipient: RFC822; person2@example.org\nAction: Failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp;552 5.2.2 Mailbox full\n\n--x--\n"
    ).encode()


def as_mbox(*mails: bytes) -> bytes:
    """Return an mbox file of some mails."""
    return b"".join(b"From MAILER-DAEMON Sun Nov 22 10:00:00 2026\n" + mail + b"\n" for mail in mails)
