package parquet

import "errors"

var errLZ4 = errors.New("the LZ4 data make no sense")

// unpackLZ4 decodes a raw LZ4 block into out, up to its capacity: sequences of
// literals and of copies of what is there already. See lz4_Block_format.md of LZ4.
func unpackLZ4(out, in []byte) ([]byte, error) {
	for len(in) > 0 {
		token := in[0]
		in = in[1:]
		n, rest, ok := lz4Length(in, int(token>>4))
		if !ok || n > len(rest) || n > cap(out)-len(out) {
			return nil, errLZ4
		}
		out, in = append(out, rest[:n]...), rest[n:]
		if len(in) == 0 { // the last sequence is literals alone
			return out, nil
		}
		if len(in) < 2 {
			return nil, errLZ4
		}
		back := int(in[0]) | int(in[1])<<8
		n, in, ok = lz4Length(in[2:], int(token&15))
		if n += 4; !ok || back == 0 || back > len(out) || n > cap(out)-len(out) {
			return nil, errLZ4
		}
		for range n { // source and target may overlap
			out = append(out, out[len(out)-back])
		}
	}
	return out, nil
}

// lz4Length reads the rest of a length, of which the token has up to 15.
func lz4Length(in []byte, n int) (int, []byte, bool) {
	if n < 15 {
		return n, in, true
	}
	for len(in) > 0 {
		b := in[0]
		in = in[1:]
		if n += int(b); n > maxPage {
			return 0, nil, false
		}
		if b < 255 {
			return n, in, true
		}
	}
	return 0, nil, false
}
