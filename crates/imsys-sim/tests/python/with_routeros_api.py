"""routeros-api against a simulated router: HOST PORT VERSION."""

import sys

import routeros_api
from routeros_api import exceptions, query

host, port, version = sys.argv[1], int(sys.argv[2]), tuple(int(part) for part in sys.argv[3].split("."))
modern = version >= (6, 43)


def pool(password="secret"):
    return routeros_api.RouterOsApiPool(host, "api", password, port=port, plaintext_login=modern)


def refused(call):
    try:
        call()
    except exceptions.RouterOsApiCommunicationError as error:
        return error.original_message
    raise AssertionError("no trap")


def check_login():
    expected = b"invalid user name or password (6)" if modern else b"cannot log in"
    assert refused(pool("wrong").get_api) == expected


def check_reading(api):
    assert api.get_resource("/system/resource").get()[0]["version"].startswith(sys.argv[3])
    assert api.get_resource("/system/identity").get()[0] == {"name": "sim"}
    assert api.get_resource("/ppp/secret").get() == []


def check_writing(api):
    secrets = api.get_resource("/ppp/secret")
    added = secrets.add(name="sim-0001", comment="")
    assert added.done_message["ret"] == "*1", added.done_message
    secrets.add(name="sim-0002", profile="default-encryption")
    secrets.set(id="*2", comment="Simulated customer 0002")
    assert secrets.get(name="sim-0002")[0]["comment"] == "Simulated customer 0002"
    assert secrets.get(profile="default-encryption", name="sim-0001") == []
    assert len(secrets.detailed_get()) == 2
    both = query.OrQuery(query.IsEqualQuery("name", "sim-0001"), query.IsEqualQuery("name", "sim-0002"))
    assert len(secrets.call("print", additional_queries=[both])) == 2
    assert refused(lambda: secrets.add(name="sim-0001")) == b"item with such name already exists"
    assert refused(lambda: secrets.remove(id="*99")) == b"no such item"
    waiting = [secrets.get_async(name=f"sim-000{n}") for n in (1, 2, 3)]
    assert [len(promise.get()) for promise in waiting] == [1, 1, 0]
    secrets.remove(id="*1")
    secrets.remove(id="*2")
    assert secrets.get() == []


check_login()
connection = pool()
session = connection.get_api()
for check in (check_reading, check_writing):
    check(session)
connection.disconnect()
print("routeros-api: well")
