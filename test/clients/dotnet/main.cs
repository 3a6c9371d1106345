// ASP.NET's classes for callers, with what its wsdl makes of the WSDL, called by reflection; see ../README.md.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Json;
using System.Linq;
using System.Net;
using System.Reflection;
using System.Text;
using System.Web.Services.Protocols;
using System.Xml;

static class Program {
  static void Main(string[] arguments) {
    JsonValue scenario = JsonValue.Parse(arguments[0]);
    AnnelidService service = new AnnelidService();
    // The style stands in the query of the address that was generated.
    service.Url = scenario["endpoint"] + new Uri(service.Url).Query;
    service.Credentials = new NetworkCredential(scenario["user"], scenario["password"]);
    UTF8Encoding text = new UTF8Encoding(false);
    TextReader input = new StreamReader(Console.OpenStandardInput(), text);
    TextWriter output = new StreamWriter(Console.OpenStandardOutput(), text) { AutoFlush = true };
    output.WriteLine(new JsonObject { { "version", Version() } }.ToString());
    for (string line = input.ReadLine(); line != null; line = input.ReadLine())
      output.WriteLine(Answer(service, JsonValue.Parse(line)).ToString());
  }

  static string Version() {
    MethodInfo name = Type.GetType("Mono.Runtime").GetMethod("GetDisplayName", BindingFlags.NonPublic | BindingFlags.Static);
    return ((string)name.Invoke(null, null)).Split(' ')[0];
  }

  static JsonObject Answer(AnnelidService service, JsonValue call) {
    try {
      MethodInfo method = typeof(AnnelidService).GetMethod((string)call["method"]);
      Type[] types = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
      object[] given = types.Select((type, at) => Native(type, call["args"][at][1])).ToArray();
      return new JsonObject { { "result", Shown(method.Invoke(service, given)) } };
    } catch (TargetInvocationException thrown) {
      SoapException fault = thrown.InnerException as SoapException;
      if (fault == null || fault.Detail == null) return Failed(thrown.InnerException);
      XmlElement detail = fault.Detail["ApiFault", "urn:annelid:1"];
      return new JsonObject { { "fault", new JsonObject {
        { "code", detail["code"].InnerText }, { "kind", detail["kind"].InnerText }, { "message", fault.Message },
      } } };
    } catch (InvalidCastException refused) {
      return Failed(refused);
    }
  }

  static JsonObject Failed(Exception why) {
    return new JsonObject { { "failed", why.Message } };
  }

  static object Native(Type type, JsonValue told) {
    string kind = told[0];
    if (kind == "nil") {
      if (type.IsValueType && Nullable.GetUnderlyingType(type) == null)
        throw new InvalidCastException("a parameter of " + type + " cannot be left out");
      return null;
    }
    if (kind == "any") return Native(Undeclared(told[1][0]), told[1]);
    if (told[1] is JsonPrimitive) return Scalar(Nullable.GetUnderlyingType(type) ?? type, told[1]);
    IEnumerable<JsonValue> parts = told[1].Cast<JsonValue>();
    if (type.IsArray) {
      Type item = type.GetElementType();
      object[] items = parts.Select(part => kind == "map" ? Member(item, part) : Native(item, part)).ToArray();
      Array made = Array.CreateInstance(item, items.Length);
      items.CopyTo(made, 0);
      return made;
    }
    object record = Activator.CreateInstance(type);
    // Of a map of the encoding, the one field is the list of its members.
    if (kind == "map") parts = new[] { new JsonArray("item", told) };
    foreach (JsonValue part in parts) {
      PropertyInfo property = type.GetProperty((string)part[0]);
      property.SetValue(record, Native(property.PropertyType, part[1]));
    }
    return record;
  }

  static object Member(Type type, JsonValue part) {
    object member = Activator.CreateInstance(type);
    type.GetProperty("key").SetValue(member, (string)part[0]);
    type.GetProperty("value").SetValue(member, (string)part[1][1]);
    return member;
  }

  static Type Undeclared(string kind) {
    switch (kind) {
      case "bool": return typeof(bool);
      case "int": return typeof(int);
      case "number": return typeof(double);
      case "string": return typeof(string);
      case "list": return typeof(string[]);
    }
    throw new InvalidCastException("there is no class for a " + kind + " that is not declared");
  }

  static object Scalar(Type type, string text) {
    if (type == typeof(byte[])) return Convert.FromBase64String(text);
    if (type == typeof(DateTime)) return XmlConvert.ToDateTime(text, XmlDateTimeSerializationMode.Utc);
    return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
  }

  static JsonArray Shown(object value) {
    if (value == null) return Tagged("nil", "");
    if (value is bool) return Tagged("bool", XmlConvert.ToString((bool)value));
    if (value is int || value is long) return Tagged("int", Convert.ToString(value, CultureInfo.InvariantCulture));
    if (value is double) return Tagged("number", XmlConvert.ToString((double)value));
    if (value is string) return Tagged("string", (string)value);
    if (value is byte[]) return Tagged("bytes", Convert.ToBase64String((byte[])value));
    if (value is DateTime) return Tagged("time", XmlConvert.ToString((DateTime)value, XmlDateTimeSerializationMode.Utc));
    if (value is Array) return Tagged("list", new JsonArray(((Array)value).Cast<object>().Select(Shown)));
    Type type = value.GetType();
    if (type.Assembly != typeof(Program).Assembly) return Tagged(type.Name, value.ToString());
    return Tagged("struct", new JsonArray(type.GetProperties().Select(field =>
      new JsonArray(field.Name, Shown(field.GetValue(value))))));
  }

  static JsonArray Tagged(string kind, JsonValue value) {
    return new JsonArray(kind, value);
  }
}
