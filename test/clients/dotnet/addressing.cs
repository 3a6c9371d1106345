// WSHttpBinding of WCF, without security of messages; see ../README.md. Given a namespace and an address.
using System;
using System.IO;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Xml;

static class Program {
  static void Main(string[] arguments) {
    Binding binding = new WSHttpBinding(SecurityMode.None);
    IChannelFactory<IRequestChannel> factory = binding.BuildChannelFactory<IRequestChannel>();
    factory.Open();
    IRequestChannel channel = factory.CreateChannel(new EndpointAddress(arguments[1]));
    channel.Open();
    string[,] calls = { { "systemVersion", "" }, { "vmGet", "<vm>nope</vm>" } };
    for (int at = 0; at < calls.GetLength(0); at++) {
      string call = string.Format("<{0} xmlns='{1}'>{2}</{0}>", calls[at, 0], arguments[0], calls[at, 1]);
      string action = arguments[0] + "#" + calls[at, 0];
      Message sent = Message.CreateMessage(binding.MessageVersion, action, XmlReader.Create(new StringReader(call)));
      sent.Headers.MessageId = new UniqueId();
      UniqueId id = sent.Headers.MessageId;
      Message reply = channel.Request(sent);
      string words;
      if (reply.IsFault) words = MessageFault.CreateFault(reply, 65536).Reason.GetMatchingTranslation().Text;
      else {
        XmlDictionaryReader body = reply.GetReaderAtBodyContents();
        body.ReadToFollowing("name");
        words = body.ReadElementContentAsString();
      }
      Console.WriteLine("{0} {1} {2}", reply.Headers.Action, reply.Headers.RelatesTo == id, words);
    }
  }
}
