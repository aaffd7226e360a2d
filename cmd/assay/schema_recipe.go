package main

import (
	"assay/engine/step"
	"fmt"
)

// object is a piece of a schema. Go writes its keys in order, so the same kinds
// make the same bytes.
type object = map[string]any

// nameForm is that of the names of steps, sources, parameters and axes.
const nameForm = "^[A-Za-z_][A-Za-z0-9_-]*$"

// recipeSchema makes the schema from the kinds' own parameters. It is built by
// hand and not by a library, as there are few types, any value may be ${…}
// instead, and what is allowed under "with:" hangs on "uses:".
func recipeSchema(kinds []*step.Kind) object {
	sections := object{
		"extends": object{"type": "string", "description": "the recipe that this one is laid over; the path is from " +
			"this file's folder"},
		"name":    object{"type": scalarTypes()},
		"about":   object{"type": scalarTypes(), "description": "one line for people"},
		"params":  named(true, "values for ${name} below; --set params.NAME=value and --params FILE change them"),
		"sources": named(object{"type": scalarTypes()}, "files and folders that no step makes: name, path"),
		"shards": object{"type": "integer", "minimum": 1, "maximum": 1000, "default": 16,
			"description": "parts that sharded inputs are cut into"},
		"slots": named(object{"type": "integer", "minimum": 0}, "named resources of the machine, and how much of "+
			"each there is"),
		"steps": named(ref("step"), "what is done: name, step"),
		"outputs": object{"type": "object", "additionalProperties": ref("artifact"),
			"description": "artifacts to put where people find them: path, artifact"},
	}
	p, laidOver, known := object{}, object{}, object{}
	for key, s := range sections {
		known[key], p[key] = true, s
		laidOver[key] = object{"anyOf": []any{s, object{"type": "null"}}}
	}
	laidOver["extends"] = sections["extends"]
	laidOver["steps"] = object{"anyOf": []any{named(ref("change"), "steps to add, change or (with null) remove"),
		object{"type": "null"}}}
	return object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "assay recipe",
		"type":                 "object",
		"properties":           known,
		"additionalProperties": false,
		"if":                   object{"required": []string{"extends"}},
		"then":                 object{"properties": laidOver},
		"else":                 object{"properties": p, "required": []string{"steps"}},
		"$defs":                definitions(kinds),
	}
}

// named is a map whose keys are names.
func named(value any, about string) object {
	return object{"type": "object", "propertyNames": object{"pattern": nameForm}, "additionalProperties": value,
		"description": about}
}

func ref(def string) object { return object{"$ref": "#/$defs/" + def} }

// scalarTypes are those that recipes take as text.
func scalarTypes() []string { return []string{"string", "number", "boolean"} }

func definitions(kinds []*step.Kind) object {
	var uses []any
	var each []any
	for _, k := range kinds {
		uses = append(uses, object{"const": k.Name, "description": k.About})
		each = append(each, object{
			"if":   object{"properties": object{"uses": object{"const": k.Name}}, "required": []string{"uses"}},
			"then": kindSchema(k),
		})
	}
	parts := object{
		"uses":      object{"anyOf": uses, "description": "the kind of step; see: assay kinds"},
		"matrix":    ref("matrix"),
		"in":        object{"type": "object", "description": "what is connected to the inputs of the kind"},
		"with":      object{"type": "object", "description": "parameters of the kind"},
		"resources": resourcesSchema(),
		"retries": orExpression(object{"type": "integer", "minimum": 0, "maximum": 20,
			"description": "how often a failed execution is tried again"}),
		"timeout": orExpression(ref("duration")),
	}
	changes := object{}
	for key, s := range parts {
		changes[key] = object{"anyOf": []any{s, object{"type": "null"}}}
	}
	changes["matrix"] = object{"type": []string{"object", "string", "null"}} // any part of it may be removed
	// A step that says its kind is looked at as a whole.
	changes["uses"] = false
	return object{
		"step": object{"type": "object", "properties": parts, "additionalProperties": false,
			"required": []string{"uses"}, "allOf": each},
		"change": object{
			"if":   object{"type": "object", "required": []string{"uses"}},
			"then": ref("step"),
			"else": object{"type": []string{"object", "null"}, "properties": changes, "additionalProperties": false},
		},
		"matrix": matrixSchema(),
		"artifact": object{"type": "string", "pattern": `^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)?$`,
			"description": "the name of a source, or step.output"},
		"artifacts": object{"anyOf": []any{ref("artifact"), object{"type": "array", "items": ref("artifact")}}},
		"expression": object{"type": "string", "pattern": `\$\{[^}]*\}`,
			"description": "${name} of a parameter or an axis"},
		"duration": object{"type": "string",
			"pattern": `^[+-]?((\d+\.?\d*|\.\d+)d((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))*|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)$`, "description": "10s, 1m30s, 250ms or 7d"},
		"fraction": object{"description": "a part of a whole, 20% or 0.2", "anyOf": []any{
			object{"type": "number", "minimum": 0, "maximum": 1}, object{"type": "string",
				"pattern": `^(\d+\.?\d*|\.\d+)%$`}}},
		"size": object{"description": "64MiB, 1.5GB or a number of bytes", "anyOf": []any{
			object{"type": "integer", "minimum": 0}, object{"type": "string",
				"pattern": `^(\d+\.?\d*|\.\d+) ?([kMGT]B|[KMGT]iB|B)?$`}}},
	}
}

func resourcesSchema() object {
	amount := object{"type": "integer", "minimum": 0}
	return object{
		"type": "object", "description": "what one execution takes of the machine: cores, memory and slots of the recipe",
		"properties": object{
			"cpu":    orExpression(object{"type": "integer", "minimum": 1, "description": "cores; 1 if left out"}),
			"memory": orExpression(ref("size")),
		},
		"additionalProperties": orExpression(amount),
	}
}

func matrixSchema() object {
	return object{
		"description": "at which points the step is done: axes, or the name of a step to have its points",
		"anyOf": []any{
			object{"type": "string", "pattern": nameForm},
			object{
				"type": "object", "propertyNames": object{"pattern": nameForm},
				"properties": object{
					"exclude": object{"type": "array", "items": object{"type": "object", "minProperties": 1},
						"description": "points to leave out: axes with a value, a label or a list of them"},
					"include": object{"type": "array", "items": object{"type": "object", "minProperties": 1},
						"description": "points to add, with a value on every axis"},
				},
				"additionalProperties": object{"anyOf": []any{
					object{"type": "array", "minItems": 1},
					object{"type": "string", "pattern": `^[^.]+\.[^.]+$`,
						"description": "an axis of another step, as split.hold"},
				}},
			},
		},
	}
}

// kindSchema is what a step of a kind has besides what all steps have.
func kindSchema(k *step.Kind) object {
	doc := describeKind(k)
	with := paramsSchema(doc.Params)
	if doc.Open {
		return object{"properties": object{"with": with, "in": object{"additionalProperties": ref("artifacts")}}}
	}
	ports, names := object{}, []string{}
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
	in := object{"properties": ports, "additionalProperties": false, "required": names}
	return object{"properties": object{"with": with, "in": in}, "required": []string{"in"}}
}
