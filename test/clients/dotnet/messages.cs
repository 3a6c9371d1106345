// WCF with messages that have no type, for test/frontends/soap/untyped-messages.test.ts. Given an address.
using System;
using System.IO;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Xml;

[ServiceContract(Namespace = "urn:t")]
interface IRelay {
  [OperationContract(Action = "urn:t/IRelay/Process", ReplyAction = "urn:t/IRelay/ProcessResponse")]
  Message Process(Message request);
  [OperationContract(Action = "urn:t/IRelay/Forget", ReplyAction = "urn:t/IRelay/ForgetResponse")]
  Message Forget(Message request);
}

static class Program {
  static void Main(string[] arguments) {
    var binding = new BasicHttpBinding();
    var relay = new ChannelFactory<IRelay>(binding, new EndpointAddress(arguments[0])).CreateChannel();
    string given = "<order xmlns='urn:o' id='1'><line xmlns=''>cup &amp; saucer</line></order>";
    Message sent = Message.CreateMessage(binding.MessageVersion, "urn:t/IRelay/Process", XmlReader.Create(new StringReader(given)));
    Console.WriteLine(relay.Process(sent).GetReaderAtBodyContents().ReadOuterXml());
    Console.WriteLine(relay.Forget(Message.CreateMessage(binding.MessageVersion, "urn:t/IRelay/Forget")).IsEmpty);
  }
}
