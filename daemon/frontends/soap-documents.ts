/** The WSDLs of a SOAP service: the queries behind its address, and whom each is for. */
export const wsdls = [
  {
    query: 'wsdl',
    doc: 'Document/literal wrapped over SOAP 1.1, for generators and for all who have no reason for another.',
  },
  { query: 'wsdl&soap=1.2', doc: 'The same over SOAP 1.2. The others take `soap=1.2` too.' },
  {
    query: 'wsdl&style=rpc',
    doc: 'rpc/encoded, for scripting languages and Axis 1: lists are arrays of SOAP, maps are those of Apache.',
  },
  { query: 'wsdl&style=rpc&use=literal', doc: 'rpc/literal.' },
] as const;
