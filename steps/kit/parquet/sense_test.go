package parquet

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// element is a column as a schema has it.
func element(kind format.Type, width int32, logical format.LogicalTypeValue, old ...deprecated.ConvertedType) *format.SchemaElement {
	e := &format.SchemaElement{Name: "c", Type: thrift.New(kind), TypeLength: thrift.New(width)}
	e.LogicalType.Value = logical
	for _, t := range old {
		e.ConvertedType = thrift.New(t)
		e.Scale, e.Precision = thrift.New[int32](1), thrift.New[int32](6)
	}
	return e
}

// told is what a value is taken for: as a number, a text and a point of time, or
// the error.
func told(e *format.SchemaElement, bits uint64, b []byte) [3]string {
	l := leafOf([]*format.SchemaElement{e}, 0)
	c := cell{&l, bits, b}
	show := func(v any, err error) string {
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(v)
	}
	n, err := c.number()
	number := show(n, err)
	s, err := c.text(NewTexter())
	text := show(s, err)
	at, err := c.instant()
	return [3]string{number, text, show(at, err)}
}

// TestSenses: what a value stands for is what its column says, or it is refused
// by name.
func TestSenses(t *testing.T) {
	unit := func(u format.TimeUnitValue) (t format.TimeUnit) { t.Value = u; return t }
	utc := func(u format.TimeUnitValue) *format.TimestampType {
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: unit(u)}
	}
	minus50 := uint64(uint32(0xffffffce))
	for i, c := range []struct {
		e                     *format.SchemaElement
		bits                  uint64
		bytes                 []byte
		number, text, instant string
	}{
		{element(format.Int32, 0, nil), minus50, nil, "-50", "INT32", "INT32"},
		{element(format.Double, 0, nil), math.Float64bits(2.5), nil, "2.5", "DOUBLE", "DOUBLE"},
		{element(format.Int32, 0, &format.DecimalType{Precision: 6, Scale: 1}), minus50, nil, "-5", "DECIMAL(6,1)", "DECIMAL(6,1)"},
		{element(format.Int64, 0, nil, deprecated.Decimal), 123, nil, "12.3", "DECIMAL(6,1)", "DECIMAL(6,1)"},
		{element(format.FixedLenByteArray, 3, &format.DecimalType{Precision: 6, Scale: 2}), 0, []byte{0xff, 0xff, 0xce}, "-0.5", "DECIMAL(6,2)", "DECIMAL"},
		{element(format.ByteArray, 0, &format.DecimalType{Precision: 20, Scale: 0}), 0, []byte{1, 0}, "256", "DECIMAL(20,0)", "DECIMAL"},
		{element(format.ByteArray, 0, &format.DecimalType{Precision: 20, Scale: 0}), 0, nil, "DECIMAL(20,0)", "DECIMAL", "DECIMAL"},
		{element(format.Int32, 0, &format.DecimalType{Precision: 6, Scale: -1}), 5, nil, "DECIMAL(6,-1)", "DECIMAL", "DECIMAL"},
		{element(format.Int32, 0, &format.IntType{BitWidth: 32}), minus50, nil, "4.294967246e+09", "INT(32,false)", "INT"},
		{element(format.Int32, 0, nil, deprecated.Uint32), minus50, nil, "4.294967246e+09", "UINT_32", "UINT_32"},
		{element(format.Int32, 0, &format.IntType{BitWidth: 8, IsSigned: true}), minus50, nil, "-50", "INT(8,true)", "INT"},
		{element(format.FixedLenByteArray, 2, &format.Float16Type{}), 0, []byte{0x00, 0xc1}, "-2.5", "FLOAT16", "FLOAT16"},
		{element(format.Int32, 0, &format.DateType{}), 5, nil, "DATE", "DATE", "DATE"},
		{element(format.Int32, 0, nil, deprecated.Date), 5, nil, "DATE", "DATE", "DATE"},
		{element(format.Int64, 0, &format.TimeType{Unit: unit(&format.NanoSeconds{})}), 5, nil, "TIME(", "TIME(", "TIME("},
		{element(format.Int32, 0, nil, deprecated.TimeMillis), 5, nil, "TIME_MILLIS", "TIME_MILLIS", "TIME_MILLIS"},
		{element(format.Int64, 0, utc(&format.MicroSeconds{})), 5, nil, "TIMESTAMP", "TIMESTAMP", "5000"},
		{element(format.Int64, 0, utc(&format.MilliSeconds{})), 1 << 60, nil, "TIMESTAMP", "TIMESTAMP", "out of range"},
		{element(format.Int64, 0, nil, deprecated.TimestampMillis), 5, nil, "TIMESTAMP_MILLIS", "TIMESTAMP_MILLIS", "5000000"},
		{element(format.Int64, 0, &format.TimestampType{Unit: unit(&format.NanoSeconds{})}), 5, nil, "TIMESTAMP without a zone", "TIMESTAMP", "TIMESTAMP without a zone"},
		{element(format.FixedLenByteArray, 12, nil, deprecated.Interval), 0, make([]byte, 12), "INTERVAL", "INTERVAL", "INTERVAL"},
		{element(format.ByteArray, 0, &format.StringType{}), 0, []byte("clean"), "STRING", "clean", "STRING"},
		{element(format.ByteArray, 0, &format.EnumType{}), 0, []byte("clean"), "ENUM", "clean", "ENUM"},
		{element(format.ByteArray, 0, nil), 0, []byte("clean"), "BYTE_ARRAY", "clean", "BYTE_ARRAY"},
		{element(format.ByteArray, 0, nil), 0, []byte("\xff"), "BYTE_ARRAY", "not UTF-8", "BYTE_ARRAY"},
		{element(format.ByteArray, 0, &format.JsonType{}), 0, []byte(`"clean"`), "JSON", "JSON", "JSON"},
		{element(format.ByteArray, 0, nil, deprecated.Bson), 0, []byte("clean"), "BSON", "BSON", "BSON"},
		{element(format.FixedLenByteArray, 16, &format.UUIDType{}), 0, make([]byte, 16), "UUID", "UUID", "UUID"},
		{element(format.Int32, 0, nil, 77), 5, nil, "unknown converted type 77", "unknown", "unknown"},
	} {
		got := told(c.e, c.bits, c.bytes)
		for k, want := range []string{c.number, c.text, c.instant} {
			if !strings.Contains(got[k], want) {
				t.Errorf("case %d: %q, want %q", i, got[k], want)
			}
		}
	}
}
