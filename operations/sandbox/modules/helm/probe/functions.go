package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"path"
	"sort"
	"strings"
	"text/template"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	"github.com/gobwas/glob"
	plainYaml "go.yaml.in/yaml/v2"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"sigs.k8s.io/yaml"
	goYaml "sigs.k8s.io/yaml/goyaml.v3"
)

// Helm's engine keeps its functions to itself: these do what they do.
// See https://github.com/helm/helm/blob/v3.19.0/pkg/engine/funcs.go
func helmFunctions() template.FuncMap {
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	own := template.FuncMap{
		"toToml": func(v interface{}) string {
			var b bytes.Buffer
			if err := toml.NewEncoder(&b).Encode(v); err != nil {
				return err.Error()
			}
			return b.String()
		},
		"fromToml": func(text string) map[string]interface{} {
			m := map[string]interface{}{}
			if err := toml.Unmarshal([]byte(text), &m); err != nil {
				m["Error"] = err.Error()
			}
			return m
		},
		"toYaml": toYAML,
		"toYamlPretty": func(v interface{}) string {
			var b bytes.Buffer
			encoder := goYaml.NewEncoder(&b)
			encoder.SetIndent(2)
			if err := encoder.Encode(v); err != nil {
				return ""
			}
			return strings.TrimSuffix(b.String(), "\n")
		},
		"fromYaml": fromYAML,
		"fromYamlArray": func(text string) []interface{} {
			a := []interface{}{}
			if err := yaml.Unmarshal([]byte(text), &a); err != nil {
				a = []interface{}{err.Error()}
			}
			return a
		},
		"toJson": func(v interface{}) string {
			data, err := json.Marshal(v)
			if err != nil {
				return ""
			}
			return string(data)
		},
		"fromJson": func(text string) map[string]interface{} {
			m := map[string]interface{}{}
			if err := json.Unmarshal([]byte(text), &m); err != nil {
				m["Error"] = err.Error()
			}
			return m
		},
		"fromJsonArray": func(text string) []interface{} {
			a := []interface{}{}
			if err := json.Unmarshal([]byte(text), &a); err != nil {
				a = []interface{}{err.Error()}
			}
			return a
		},
		"required": func(warning string, v interface{}) (interface{}, error) {
			if v == nil || v == "" {
				return v, errors.New(warning)
			}
			return v, nil
		},
		// As sprig does, without the bytes of files one by one.
		"dict":          dict,
		"deepCopy":      deepCopy,
		"mustDeepCopy":  deepCopy,
		"fail":          func(warning string) (string, error) { return "", errors.New(warning) },
		"lookup":        func(string, string, string, string) map[string]interface{} { return map[string]interface{}{} },
		"getHostByName": func(string) string { return "" },
		// Bound to the templates of a rendering.
		"include": func(string, interface{}) (string, error) { return "", nil },
		"tpl":     func(string, interface{}) (string, error) { return "", nil },
	}
	maps.Copy(functions, own)
	maps.Copy(functions, fixedFunctions)
	return functions
}

// dict has keys of text. Whoever gives it all that a template knows as a key does not look there again.
func dict(entries ...interface{}) map[string]interface{} {
	made := make(map[string]interface{}, len(entries)/2)
	for i := 0; i < len(entries); i += 2 {
		key, isName := entries[i].(string)
		if _, isHolder := addressOf(entries[i]); isHolder {
			key = "map"
		} else if !isName {
			key = fmt.Sprint(entries[i])
		}
		made[key] = ""
		if i+1 < len(entries) {
			made[key] = entries[i+1]
		}
	}
	return made
}

type certificate struct{ Cert, Key string }

func fixedCertificate(arguments ...interface{}) certificate {
	text := fmt.Sprint(arguments...)
	return certificate{Cert: "certificate " + text, Key: "key " + text}
}

func fixedText(arguments ...interface{}) string { return "fixed " + fmt.Sprint(arguments...) }

func letters(count int) string { return strings.Repeat("r", count) }

// In the place of functions whose result is another each time, those whose result depends on their arguments alone.
var fixedFunctions = template.FuncMap{
	"randAlphaNum": letters,
	"randAlpha":    letters,
	"randAscii":    letters,
	"randNumeric":  func(count int) string { return strings.Repeat("1", count) },
	"randBytes": func(count int) (string, error) {
		return base64.StdEncoding.EncodeToString([]byte(letters(count))), nil
	},
	"randInt":                  func(least, _ int) int { return least },
	"shuffle":                  func(text string) string { return text },
	"uuidv4":                   func() string { return "00000000-0000-4000-8000-000000000000" },
	"now":                      func() time.Time { return time.Unix(1_700_000_000, 0).UTC() },
	"ago":                      func(interface{}) string { return "1h" },
	"bcrypt":                   fixedText,
	"htpasswd":                 fixedText,
	"derivePassword":           fixedText,
	"encryptAES":               fixedText,
	"genPrivateKey":            fixedText,
	"genCA":                    fixedCertificate,
	"genCAWithKey":             fixedCertificate,
	"genSelfSignedCert":        fixedCertificate,
	"genSelfSignedCertWithKey": fixedCertificate,
	"genSignedCert":            fixedCertificate,
	"genSignedCertWithKey":     fixedCertificate,
	"buildCustomCert":          fixedCertificate,
	"keys": func(maps ...map[string]interface{}) []string {
		names := []string{}
		for _, one := range maps {
			for name := range one {
				names = append(names, name)
			}
		}
		sort.Strings(names)
		return names
	},
	"values": func(of map[string]interface{}) []interface{} {
		names := make([]string, 0, len(of))
		for name := range of {
			names = append(names, name)
		}
		sort.Strings(names)
		values := make([]interface{}, len(names))
		for i, name := range names {
			values[i] = of[name]
		}
		return values
	},
}

func fromYAML(text string) map[string]interface{} {
	m := map[string]interface{}{}
	if err := yaml.Unmarshal([]byte(text), &m); err != nil {
		m["Error"] = err.Error()
	}
	return m
}

func toYAML(v interface{}) string {
	data, err := []byte(nil), error(nil)
	if plain, ok := plainYAML(v); ok {
		data, err = plainYaml.Marshal(plain)
	} else {
		data, err = yaml.Marshal(v)
	}
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(data), "\n")
}

// plainYAML is what Helm makes of a value on its way to YAML, without the way over JSON: whole numbers have no decimals.
func plainYAML(v interface{}) (interface{}, bool) {
	switch one := v.(type) {
	case nil, string, bool, int, int64:
		return v, true
	case float64:
		if one == math.Trunc(one) && math.Abs(one) < 1e15 {
			return int64(one), true
		}
		return one, true
	case chartutil.Values:
		return plainYAML(map[string]interface{}(one))
	case map[string]interface{}:
		made := make(map[string]interface{}, len(one))
		for key, inner := range one {
			plain, ok := plainYAML(inner)
			if !ok {
				return nil, false
			}
			made[key] = plain
		}
		return made, true
	case []interface{}:
		made := make([]interface{}, len(one))
		for i, inner := range one {
			plain, ok := plainYAML(inner)
			if !ok {
				return nil, false
			}
			made[i] = plain
		}
		return made, true
	default:
		return nil, false
	}
}

// files are what templates have as .Files.
// See https://github.com/helm/helm/blob/v3.19.0/pkg/engine/files.go
type files map[string][]byte

func filesOf(of *chart.Chart) files {
	all := files{}
	for _, file := range of.Files {
		all[file.Name] = file.Data
	}
	return all
}

func (f files) GetBytes(name string) []byte { return f[name] }

func (f files) Get(name string) string { return string(f[name]) }

func (f files) Glob(pattern string) files {
	matcher, err := glob.Compile(pattern, '/')
	if err != nil {
		matcher, _ = glob.Compile("**")
	}
	found := files{}
	for name, data := range f {
		if matcher.Match(name) {
			found[name] = data
		}
	}
	return found
}

func (f files) AsConfig() string {
	texts := map[string]string{}
	for name, data := range f {
		texts[path.Base(name)] = string(data)
	}
	return toYAML(texts)
}

func (f files) AsSecrets() string {
	texts := map[string]string{}
	for name, data := range f {
		texts[path.Base(name)] = base64.StdEncoding.EncodeToString(data)
	}
	return toYAML(texts)
}

func (f files) Lines(name string) []string {
	text := string(f[name])
	if text == "" {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
