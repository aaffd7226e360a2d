package artifacts

import (
	"fmt"
	"strconv"
	"strings"
)

const shardWord = "shard-"

// ShardDir returns the folder that holds what shard k of n made, in the union of what all
// shards made: "shard-07". Names are as wide as the last one, and have two digits at least.
func ShardDir(k, n int) string {
	return fmt.Sprintf("%s%0*d", shardWord, max(2, len(strconv.Itoa(n-1))), k)
}

// CutShard cuts a file's name in a union into the folder of its shard, the number of the
// shard, and its name there. It reports whether the name has such a folder.
func CutShard(name string) (dir string, k int, rest string, ok bool) {
	dir, rest, ok = strings.Cut(name, "/")
	digits, is := strings.CutPrefix(dir, shardWord)
	k, err := strconv.Atoi(digits)
	return dir, k, rest, ok && is && err == nil && k >= 0
}
