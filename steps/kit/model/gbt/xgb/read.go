package xgb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxFile is the size in bytes above which a model is not read.
const maxFile = 1 << 30

// Read reads a model in XGBoost's JSON or UBJSON, whichever it is. It fails on what is
// neither, and on null. Numbers that are not finite become 0, see [Model].
func Read(r io.Reader) (*Model, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("the file has more than %d bytes", maxFile)
	}
	if isUBJ(b) {
		if b, err = fromUBJ(b); err != nil {
			return nil, fmt.Errorf("this is not XGBoost's UBJSON: %w; save the model with a name that ends with .json", err)
		}
	}
	notFinite, null := zeroWords(b)
	if null != nil && json.Valid(b) {
		return nil, null
	}
	m := &Model{NotFinite: notFinite}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("this is not XGBoost JSON: %w; save the model with a name that ends with .json", explained(err))
	}
	return m, nil
}

// explained says where the text stops being JSON.
func explained(err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	return fmt.Errorf("%w, at byte %d", err, syntax.Offset)
}
