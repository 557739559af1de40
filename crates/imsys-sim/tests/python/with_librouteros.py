"""librouteros against a simulated router: HOST PORT VERSION."""

import sys

from librouteros import connect
from librouteros.exceptions import FatalError, TrapError
from librouteros.login import plain, token
from librouteros.query import And, Key, Or

host, port, version = sys.argv[1], int(sys.argv[2]), tuple(int(part) for part in sys.argv[3].split("."))
login = token if version < (6, 43) else plain
name, profile, comment, identifier = Key("name"), Key("profile"), Key("comment"), Key(".id")


def open_api(password="secret"):
    return connect(host, "api", password, port=port, login_method=login, encoding="utf-8", timeout=10)


def trapped(call):
    try:
        tuple(call())
    except TrapError as trap:
        return trap.message
    raise AssertionError("no trap")


def check_login():
    try:
        open_api("wrong")
    except TrapError as trap:
        expected = "cannot log in" if login is token else "invalid user name or password (6)"
        assert trap.message == expected, trap
    else:
        raise AssertionError("a wrong password came in")


def check_reading(api):
    resource = tuple(api.path("system", "resource"))[0]
    assert resource["version"].startswith(sys.argv[3]), resource
    assert tuple(api("/system/identity/print")) == ({"name": "sim"},)
    assert len(tuple(api.path("interface"))) == 4
    assert tuple(api.path("ppp", "secret")) == ()


def check_writing(api):
    secrets = api.path("ppp", "secret")
    first = secrets.add(name="sim-0001", password="p", comment="Simulated customer 0001 = one")
    second = secrets.add(name="sim-0002", profile="default-encryption", disabled=True)
    third = secrets.add(name="sim-0003", comment="caf\u00e9 \u2603")
    assert (first, second, third) == ("*1", "*2", "*3")
    secrets.update(**{".id": second, "comment": "two"})
    assert trapped(lambda: secrets("add", name="sim-0001")) == "item with such name already exists"
    assert trapped(lambda: secrets("set", **{".id": "*99", "comment": "x"})) == "no such item"
    assert trapped(lambda: secrets("add", name="x", nonsense="1")) == "unknown parameter nonsense"
    assert trapped(lambda: api("/ppp/nonsense")).startswith("no such command")


def check_queries(api):
    secrets = api.path("ppp", "secret")
    names = lambda *where: [row["name"] for row in secrets.select(name).where(*where)]
    assert names(profile == "default") == ["sim-0001", "sim-0003"]
    assert names(profile != "default") == ["sim-0002"]
    assert names(name.In("sim-0001", "sim-0003")) == ["sim-0001", "sim-0003"]
    assert names(And(profile == "default", comment > "Z")) == ["sim-0003"]
    assert names(Or(name == "sim-0002", identifier == "*3")) == ["sim-0002", "sim-0003"]
    assert names(Key("disabled") == True) == ["sim-0002"]  # noqa: E712
    assert names(name == "nobody") == []
    rows = tuple(secrets.select(identifier, comment))
    assert rows[0] == {".id": "*1", "comment": "Simulated customer 0001 = one"}, rows
    assert rows[2]["comment"] == "caf\u00e9 \u2603"


def check_listening(api):
    other = open_api()
    api.protocol.writeSentence("/ppp/secret/listen", ".tag=7")
    api.protocol.writeSentence("/system/identity/print", ".tag=8")
    while api.protocol.readSentence()[0] != "!done":
        pass
    other.path("ppp", "secret").update(**{".id": "*2", "comment": "changed"})
    word, words = api.protocol.readSentence()
    assert word == "!re" and "=.id=*2" in words and "=comment=changed" in words and ".tag=7" in words
    other.path("ppp", "secret").remove("*2")
    assert api.protocol.readSentence() == ("!re", ("=.id=*2", "=.dead=true", ".tag=7"))
    api.protocol.writeSentence("/cancel", "=tag=7", ".tag=9")
    replies = [api.protocol.readSentence() for _ in range(3)]
    assert replies[0] == ("!trap", ("=category=2", "=message=interrupted", ".tag=7")), replies
    assert replies[1:] == [("!done", (".tag=9",)), ("!done", (".tag=7",))], replies
    other.close()


def check_removing(api):
    api.path("ppp", "secret").remove("*1", "*3")
    assert tuple(api.path("ppp", "secret")) == ()
    try:
        tuple(api("/quit"))
    except FatalError as fatal:
        assert "session terminated on request" in str(fatal)
    else:
        raise AssertionError("no farewell")


check_login()
session = open_api()
for check in (check_reading, check_writing, check_queries, check_listening, check_removing):
    check(session)
print("librouteros: well")
