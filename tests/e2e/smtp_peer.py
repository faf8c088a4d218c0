"""A mail server for the tests (aiosmtpd): asks for encryption and a password, and says in one line
of JSON what it did with each mail.

usage: smtp_peer.py starttls|tls CERTIFICATE KEY

What it does depends on the address: `refuse…` is unknown here, `later…` has to wait, `vanish…` is
taken while the line goes dead.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

mode, certificate, key = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)


def say(**what):
    print(json.dumps(what), flush=True)


def authenticate(server, session, envelope, mechanism, data):
    known = data.login == b"acquis" and data.password == b"p@ss word"
    return AuthResult(success=known)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            say(did="refused", to=address)
            return "550 5.1.1 no such mailbox here"
        if address.startswith("later"):
            say(did="put off", to=address)
            return "451 4.2.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("vanish"):
            say(did="vanished", to=envelope.rcpt_tos[0])
            server.transport.abort()
            return "250 OK"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            did="took",
            to=envelope.rcpt_tos[0],
            encrypted=server.transport.get_extra_info("ssl_object") is not None,
            headers=dict(message.items()),
            text=message.get_body(("plain",)).get_content(),
            html=message.get_body(("html",)).get_content(),
        )
        return "250 OK"


def smtp():
    starttls = mode == "starttls"
    return SMTP(
        Handler(),
        hostname="localhost",
        authenticator=authenticate,
        auth_required=True,
        # With TLS from the start, the protocol above does not see it.
        auth_require_tls=starttls,
        require_starttls=starttls,
        tls_context=context if starttls else None,
    )


async def main():
    loop = asyncio.get_running_loop()
    implicit = context if mode == "tls" else None
    server = await loop.create_server(smtp, "127.0.0.1", 0, ssl=implicit)
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
