package table

import (
	"encoding/hex"
	"strings"
)

// digestOfNothing is the SHA-256 of no bytes: what a recorder notes that hashed
// an empty file, or a file that it could not read.
const digestOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// SampleDigest returns the SHA-256 of a sample's content as lower-case
// hexadecimal digits. It returns "" for a text that names no content: one that
// is no digest at all, the digest of nothing, or one digit repeated, which stands in
// for a digest that nobody knew. If such texts counted, every sample without a digest
// would be the same sample.
func SampleDigest(text string) string {
	digest := strings.ToLower(text)
	if b, err := hex.DecodeString(digest); err != nil || len(b) != 32 {
		return ""
	}
	if digest == digestOfNothing || strings.Trim(digest, digest[:1]) == "" {
		return ""
	}
	return digest
}
