/** A contract of one operation, `Op`, around a schema. */

const emptyOp = '<xs:element name="Op"><xs:complexType/></xs:element>';
const emptyReply = '<xs:element name="OpResponse"><xs:complexType/></xs:element>';

/** `schema` has the namespace `urn:t` as `t`. `op` and `reply` declare the elements of the request and of the reply. */
export const wsdlWith = (schema: string, op = emptyOp, reply = emptyReply): string =>
  `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
  <types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">${schema}${op}${reply}</xs:schema></types>
  <message name="I"><part name="parameters" element="t:Op"/></message>
  <message name="O"><part name="parameters" element="t:OpResponse"/></message>
  <portType name="P"><operation name="Op"><input message="t:I"/><output message="t:O"/></operation></portType>
  <binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Op"><soap:operation soapAction=""/><input><soap:body use="literal"/></input>
      <output><soap:body use="literal"/></output></operation></binding>
  <service name="S"><port name="P" binding="t:B"><soap:address location="http://old/"/></port></service>
</definitions>`;
