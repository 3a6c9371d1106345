// github.com/kolo/xmlrpc; see ../README.md.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/kolo/xmlrpc"
)

type told = []interface{}

// Names of members go out as they are given.
func name(given interface{}) string {
	var escaped bytes.Buffer
	xml.EscapeText(&escaped, []byte(given.(string)))
	return escaped.String()
}

func natives(all []interface{}) []interface{} {
	made := []interface{}{}
	for _, one := range all {
		made = append(made, native(one.(told)))
	}
	return made
}

func native(tagged told) interface{} {
	switch kind, value := tagged[0].(string), tagged[1]; kind {
	case "nil":
		return nil
	case "any":
		return native(value.(told))
	case "bool":
		return value == "true"
	case "int":
		made, _ := strconv.Atoi(value.(string))
		return made
	case "number":
		made, _ := strconv.ParseFloat(value.(string), 64)
		return made
	case "time":
		made, _ := time.Parse(time.RFC3339, value.(string))
		return made
	case "bytes":
		return xmlrpc.Base64(value.(string))
	case "list":
		return natives(value.([]interface{}))
	case "record", "map":
		made := map[string]interface{}{}
		for _, part := range value.([]interface{}) {
			made[name(part.(told)[0])] = native(part.(told)[1].(told))
		}
		return made
	default:
		return value
	}
}

func shown(value interface{}) told {
	switch of := value.(type) {
	case nil:
		return told{"nil", ""}
	case bool:
		return told{"bool", strconv.FormatBool(of)}
	case int64:
		return told{"int", strconv.FormatInt(of, 10)}
	case float64:
		return told{"number", strconv.FormatFloat(of, 'g', -1, 64)}
	case string:
		return told{"string", of}
	case time.Time:
		return told{"time", of.Format(time.RFC3339)}
	case []interface{}:
		parts := told{}
		for _, item := range of {
			parts = append(parts, shown(item))
		}
		return told{"list", parts}
	case map[string]interface{}:
		parts := told{}
		for member, item := range of {
			parts = append(parts, told{member, shown(item)})
		}
		return told{"struct", parts}
	}
	return told{fmt.Sprintf("%T", value), fmt.Sprint(value)}
}

// Its client shows a fault as text.
var fault = regexp.MustCompile(`(?s)^Fault\((-?\d+)\): (.*)$`)

func main() {
	var scenario struct{ Endpoint, User, Password string }
	json.Unmarshal([]byte(os.Args[1]), &scenario)
	address := strings.Replace(scenario.Endpoint, "//", "//"+scenario.User+":"+scenario.Password+"@", 1)
	client, _ := xmlrpc.NewClient(address, nil)
	out := json.NewEncoder(os.Stdout)
	build, _ := debug.ReadBuildInfo()
	out.Encode(map[string]string{"version": build.Deps[0].Version})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var call struct {
			Method string
			Args   []interface{}
		}
		json.Unmarshal(lines.Bytes(), &call)
		var result interface{}
		err := client.Call(call.Method, natives(call.Args), &result)
		if err == nil {
			out.Encode(map[string]interface{}{"result": shown(result)})
		} else if found := fault.FindStringSubmatch(err.Error()); found != nil {
			out.Encode(map[string]interface{}{"fault": map[string]string{"code": found[1], "message": found[2]}})
		} else {
			out.Encode(map[string]string{"failed": err.Error()})
			// After a reply that it cannot read it makes no more calls.
			client, _ = xmlrpc.NewClient(address, nil)
		}
	}
}
