"""A SOAP client as a Python program writes it: client.py WSDL_URL USER PASSWORD METHOD [JSON_PARAMS]

Prints one JSON object: {"result": ...} or {"fault": {"code", "message", "detail"}}.
"""
import base64
import json
import sys

from requests import Session
from requests.auth import HTTPBasicAuth
from zeep import Client, Transport
from zeep.exceptions import Fault
from zeep.helpers import serialize_object


def plain(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()


wsdl, user, password, method, *rest = sys.argv[1:]
session = Session()
session.auth = HTTPBasicAuth(user, password)
client = Client(wsdl, transport=Transport(session=session))
try:
    result = client.service[method](**json.loads(rest[0] if rest else "{}"))
    answer = {"result": serialize_object(result, dict)}
except Fault as fault:
    found = None if fault.detail is None else fault.detail.find("{urn:annelid:1}ApiFault")
    detail = None if found is None else serialize_object(client.get_element("{urn:annelid:1}ApiFault").parse(found, client.wsdl.types), dict)
    answer = {"fault": {"code": fault.code, "message": fault.message, "detail": detail}}
print(json.dumps(answer, default=plain))
