package schema

import (
	"fmt"

	"assay/engine/step"
)

// Object is a part of a schema. Go writes its keys in order, so the same kinds make the same
// bytes.
type Object = map[string]any

// nameForm is the form of the names of steps, sources, parameters and axes.
const nameForm = "^[A-Za-z_][A-Za-z0-9_-]*$"

// Recipe makes the schema from the parameters of the kinds. It uses no library, since there are
// few types, any value may be ${…} instead, and what "with:" may contain depends on "uses:".
func Recipe(kinds []*step.Kind) Object {
	sections := Object{
		"extends": Object{"type": "string", "description": "the recipe that this one is laid over; the path is from " +
			"this file's folder"},
		"name":    Object{"type": scalarTypes()},
		"about":   Object{"type": scalarTypes(), "description": "one line for people"},
		"params":  named(true, "values for ${name} below; --set params.NAME=value and --params FILE change them"),
		"sources": named(Object{"type": scalarTypes()}, "files and folders that no step makes: name, path"),
		"shards": Object{"type": "integer", "minimum": 1, "maximum": 1000, "default": 16,
			"description": "parts that sharded inputs are cut into"},
		"slots": named(Object{"type": "integer", "minimum": 0}, "named resources of the machine, and how much of "+
			"each there is"),
		"steps": named(ref("step"), "what is done: name, step"),
		"outputs": Object{"type": "object", "additionalProperties": ref("output"),
			"description": "artifacts to put where people find them: path, artifact"},
	}
	p, laidOver, known := Object{}, Object{}, Object{}
	for key, s := range sections {
		known[key], p[key] = true, s
		laidOver[key] = Object{"anyOf": []any{s, Object{"type": "null"}}}
	}
	laidOver["extends"] = sections["extends"]
	laidOver["steps"] = Object{"anyOf": []any{named(ref("change"), "steps to add, change or (with null) remove"),
		Object{"type": "null"}}}
	return Object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "assay recipe",
		"type":                 "object",
		"properties":           known,
		"additionalProperties": false,
		"if":                   Object{"required": []string{"extends"}},
		"then":                 Object{"properties": laidOver},
		"else":                 Object{"properties": p, "required": []string{"steps"}},
		"$defs":                definitions(kinds),
	}
}

// named returns the schema of a map whose keys are names.
func named(value any, about string) Object {
	return Object{"type": "object", "propertyNames": Object{"pattern": nameForm}, "additionalProperties": value,
		"description": about}
}

func ref(def string) Object { return Object{"$ref": "#/$defs/" + def} }

// scalarTypes returns the types that recipes accept as text.
func scalarTypes() []string { return []string{"string", "number", "boolean"} }

// definitions returns the "$defs" of the schema: a step, with what each kind allows, and what
// occurs in several places.
func definitions(kinds []*step.Kind) Object {
	var uses []any
	var each []any
	for _, k := range kinds {
		uses = append(uses, Object{"const": k.Name, "description": k.About})
		each = append(each, Object{
			"if":   Object{"properties": Object{"uses": Object{"const": k.Name}}, "required": []string{"uses"}},
			"then": kindSchema(k),
		})
	}
	parts := Object{
		"uses":      Object{"anyOf": uses, "description": "the kind of step; see: assay kinds"},
		"matrix":    ref("matrix"),
		"in":        Object{"type": "object", "description": "what is connected to the inputs of the kind"},
		"with":      Object{"type": "object", "description": "parameters of the kind"},
		"resources": resourcesSchema(),
		"retries": orExpression(Object{"type": "integer", "minimum": 0, "maximum": 20,
			"description": "how often a failed execution is tried again"}),
		"timeout": orExpression(ref("duration")),
	}
	changes := Object{}
	for key, s := range parts {
		changes[key] = Object{"anyOf": []any{s, Object{"type": "null"}}}
	}
	changes["matrix"] = Object{"type": []string{"object", "string", "null"}} // any part of it may be removed
	// A change with "uses:" is checked as a whole step.
	changes["uses"] = false
	return Object{
		"step": Object{"type": "object", "properties": parts, "additionalProperties": false,
			"required": []string{"uses"}, "allOf": each},
		"change": Object{
			"if":   Object{"type": "object", "required": []string{"uses"}},
			"then": ref("step"),
			"else": Object{"type": []string{"object", "null"}, "properties": changes, "additionalProperties": false},
		},
		"matrix": matrixSchema(),
		"artifact": Object{"type": "string", "pattern": `^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)?(/.+)?$`,
			"description": "the name of a source, or step.output; after a slash, a pattern for some files of it"},
		"output": Object{"type": "string", "pattern": `^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)?$`,
			"description": "step.output"},
		"artifacts": Object{"anyOf": []any{ref("artifact"), Object{"type": "array", "items": ref("artifact")}}},
		"expression": Object{"type": "string", "pattern": `\$\{[^}]*\}`,
			"description": "${name} of a parameter or an axis"},
		"duration": Object{"type": "string",
			"pattern": `^[+-]?((\d+\.?\d*|\.\d+)d((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))*|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)$`, "description": "10s, 1m30s, 250ms or 7d"},
		"fraction": Object{"description": "a part of a whole, 20% or 0.2", "anyOf": []any{
			Object{"type": "number", "minimum": 0, "maximum": 1}, Object{"type": "string",
				"pattern": `^(\d+\.?\d*|\.\d+)%$`}}},
		"size": Object{"description": "64MiB, 1.5GB or a number of bytes", "anyOf": []any{
			Object{"type": "integer", "minimum": 0}, Object{"type": "string",
				"pattern": `^(\d+\.?\d*|\.\d+) ?([kMGT]B|[KMGT]iB|B)?$`}}},
	}
}

func resourcesSchema() Object {
	amount := Object{"type": "integer", "minimum": 0}
	return Object{
		"type": "object", "description": "what one execution takes of the machine: cores, memory and slots of the recipe",
		"properties": Object{
			"cpu":    orExpression(Object{"type": "integer", "minimum": 1, "description": "cores; 1 if left out"}),
			"memory": orExpression(ref("size")),
			"memory_growth": orExpression(Object{"type": "number", "minimum": 1, "maximum": 10,
				"description": "by what the memory is multiplied whenever the execution is tried again"}),
		},
		"additionalProperties": orExpression(amount),
	}
}

// matrixSchema returns the schema of "matrix:".
func matrixSchema() Object {
	return Object{
		"description": "at which points the step is done: axes, or the name of a step to have its points",
		"anyOf": []any{
			Object{"type": "string", "pattern": nameForm},
			Object{
				"type": "object", "propertyNames": Object{"pattern": nameForm},
				"properties": Object{
					"exclude": Object{"type": "array", "items": Object{"type": "object", "minProperties": 1},
						"description": "points to leave out: axes with a value, a label or a list of them"},
					"include": Object{"type": "array", "items": Object{"type": "object", "minProperties": 1},
						"description": "points to add, with a value on every axis"},
				},
				"additionalProperties": Object{"anyOf": []any{
					Object{"type": "array", "minItems": 1},
					Object{"type": "string", "pattern": `^[^.]+\.[^.]+$`,
						"description": "an axis of another step, as split.hold"},
					dataAxisSchema(),
				}},
			},
		},
	}
}

// dataAxisSchema returns the schema of an axis whose values stand in a source or in what a step makes.
func dataAxisSchema() Object {
	path := Object{"type": "string"}
	table := Object{"type": "object", "properties": Object{"table": path, "name": path}, "additionalProperties": false,
		"required": []string{"table", "name"}}
	return Object{"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
		"description": "values from a source or a step's output: names of files or folders, lines, or a column of a CSV, TSV or Parquet file",
		"properties":  Object{"files": path, "folders": path, "lines": path, "column": table}}
}

// kindSchema returns the schema of "in:" and "with:" for a kind.
func kindSchema(k *step.Kind) Object {
	doc := Describe(k)
	with := paramsSchema(doc.Params)
	if doc.Open {
		return Object{"properties": Object{"with": with, "in": Object{"additionalProperties": ref("artifacts")}}}
	}
	ports, names := Object{}, []string{}
	for _, p := range doc.Inputs {
		s := ref("artifact")
		if p.Many {
			s = ref("artifacts")
		}
		s["description"] = fmt.Sprintf("%s (%s)", p.About, p.takes())
		ports[p.Name] = s
		if !p.Optional {
			names = append(names, p.Name)
		}
	}
	in := Object{"properties": ports, "additionalProperties": false, "required": names}
	return Object{"properties": Object{"with": with, "in": in}, "required": []string{"in"}}
}
