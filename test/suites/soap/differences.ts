/**
 * Where the daemon answers otherwise than a suite shows, each with its reason, and what it answers instead. A line that no
 * longer holds fails.
 */
export interface Difference {
  reason: string;
  /** The code of the fault that is answered: without its prefix, and the subcode behind it. */
  code: string;
}

/** The code of SOAP 1.2 for what the sender has to mend. */
const sender = (reason: string, subcode = ''): Difference => ({ reason, code: `Sender${subcode}` });

const senders = sender(
  'the code is Sender: SOAP 1.2 part 1, section 5.4.6 has Receiver for what is not due to the contents of the message',
);
const noId = sender(
  'the code is Sender with the subcode enc:MissingID, as SOAP 1.2 part 2, section 3.2 has it; PHP says Receiver',
  ' MissingID',
);
const noDtd = sender(
  'the code is Sender: SOAP 1.2 part 1, section 5 wants that for a message with a document type declaration, and PHP says Receiver',
);
const circle: Difference = {
  reason:
    'a list that ends in its own beginning has no form in JSON, in which plugins get it; the request is refused with a fault',
  code: 'Client',
};

export const phpDifferences: Record<string, Difference> = {
  r3_groupE_list_005w: circle,
  r3_groupE_list_006w: circle,
  r4_groupI_xsd_027w: {
    reason:
      "the request has bitTwo where the schema of its contract has BitTwo: XML Schema part 2, section 4.3.5 makes it no value of the type, which PHP's server does not look at",
    code: 'Client',
  },
};

export const soap12Differences: Record<string, Difference> = {
  T25: noDtd,
  T26: sender(
    'a processing instruction is answered with the code Sender, as SOAP 1.2 part 1, section 5 says that a receiver should; PHP takes no notice of it',
  ),
  T27: { ...senders, code: 'Sender BadArguments' },
  T33: sender(
    'SOAP 1.2 part 2, section 4.4 wants the code Sender with the subcode rpc:ProcedureNotPresent; PHP has the latter as the code',
    ' ProcedureNotPresent',
  ),
  T56: noId,
  T58: { ...senders, code: 'Sender BadArguments' },
  T59: noId,
  T61: { ...senders, code: 'Sender BadArguments' },
  T64: noDtd,
  T65: noDtd,
};
