package diff

import (
	"slices"
	"strings"

	"assay/engine/recipe"
)

// A SettingChange is a value of the recipe that changed. Old is null where the value is
// new, New where it is gone. The path of a list ends in "[]": its items are added and
// removed one by one, and if only their order differs, the texts are the whole lists.
type SettingChange struct {
	Path string  `json:"path"`
	Old  *string `json:"old"`
	New  *string `json:"new"`
}

// compareSettings lists what differs, in the order of the new recipe; what is gone comes
// last.
func compareSettings(before, after []recipe.Setting) []SettingChange {
	was, now := byPath(before), byPath(after)
	out := []SettingChange{}
	for _, path := range slices.Concat(pathsOf(after), pathsOf(before)) {
		out = append(out, changes(path, was[path], now[path])...)
		delete(was, path)
		delete(now, path)
	}
	return out
}

func byPath(list []recipe.Setting) map[string][]string {
	out := map[string][]string{}
	for _, s := range list {
		out[s.Path] = append(out[s.Path], s.Text)
	}
	return out
}

func pathsOf(list []recipe.Setting) []string {
	paths := recipe.NamesOf(list, func(s recipe.Setting) string { return s.Path })
	return slices.Compact(paths)
}

// changes returns how the values of a path differ.
func changes(path string, was, now []string) []SettingChange {
	if slices.Equal(was, now) {
		return nil
	}
	gone, added := without(was, now), without(now, was)
	switch {
	case len(gone) == 0 && len(added) == 0:
		a, b := "["+strings.Join(was, ",")+"]", "["+strings.Join(now, ",")+"]"
		return []SettingChange{{path, &a, &b}}
	case len(gone) == 1 && len(added) == 1:
		return []SettingChange{{path, &gone[0], &added[0]}}
	}
	var out []SettingChange
	for i := range gone {
		out = append(out, SettingChange{path, &gone[i], nil})
	}
	for i := range added {
		out = append(out, SettingChange{path, nil, &added[i]})
	}
	return out
}

// without returns the items of a list that another one lacks, each as often as it lacks
// it.
func without(list, other []string) []string {
	left := map[string]int{}
	for _, item := range other {
		left[item]++
	}
	var out []string
	for _, item := range list {
		if left[item]--; left[item] < 0 {
			out = append(out, item)
		}
	}
	return out
}
