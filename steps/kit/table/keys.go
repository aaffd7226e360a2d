package table

import (
	"cmp"
	"fmt"
	"unicode/utf8"
)

// A Key names an episode: its folder and its file name in the store.
type Key struct {
	Host    string `parquet:"host_id"`
	Episode string `parquet:"episode_id"`
}

// Compare orders keys by host, then episode.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Host, o.Host), cmp.Compare(k.Episode, o.Episode))
}

// checkKey refuses names that no table could hold.
func checkKey(k Key) error {
	for _, s := range [...]string{k.Host, k.Episode} {
		if s == "" {
			return fmt.Errorf("episode %q of host %q: a name is empty", k.Episode, k.Host)
		}
		if !utf8.ValidString(s) {
			return fmt.Errorf("episode %q of host %q: the name is not UTF-8; rename the file", k.Episode, k.Host)
		}
	}
	return nil
}

// checkKeys refuses bad names and keys that occur twice in sorted rows.
func checkKeys[T any](rows []T, key func(*T) Key) error {
	for i := range rows {
		k := key(&rows[i])
		if err := checkKey(k); err != nil {
			return err
		}
		if i > 0 && k == key(&rows[i-1]) {
			return fmt.Errorf("episode %s of host %s is there twice", k.Episode, k.Host)
		}
	}
	return nil
}
