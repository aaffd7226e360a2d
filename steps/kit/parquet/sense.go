package parquet

import (
	"fmt"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// A meaning is a class of what values can stand for. The physical type alone does
// not say: 50 in an INT32 is fifty, 5.0 or a day in 1970.
type meaning uint8

const (
	meansItself   meaning = iota // nothing is said: the number or the bytes themselves
	meansUnsigned                // an integer without a sign
	meansText                    // UTF-8
	meansDecimal                 // an integer over a power of ten
	meansInstant                 // a point of time
	meansHalf                    // a float of 16 bits
	meansNull                    // every value is null
	meansOther                   // a date, a duration, a document: nothing that tables here hold
)

// A sense is what the values of a column stand for, after the schema's logical
// type or, in old files, its converted type.
type sense struct {
	of    meaning
	name  string // what errors call it: "DECIMAL(6,1)"
	scale int    // of a decimal
	tick  int64  // nanoseconds in a unit of an instant
}

// senseOf reads the annotation of a value. The logical type goes before the older
// converted type. What neither of them knows how to say is something else.
func senseOf(e *format.SchemaElement) sense {
	t := e.LogicalType.Value
	if t == nil && e.ConvertedType.Valid {
		return convertedSense(e)
	}
	switch t := t.(type) {
	case nil:
		return sense{of: meansItself, name: e.Type.V.String()}
	case *format.StringType, *format.EnumType:
		return sense{of: meansText, name: t.String()}
	case *format.DecimalType:
		return decimalSense(t.Precision, t.Scale)
	case *format.TimestampType:
		return timestampSense(t)
	case *format.IntType:
		return sense{of: intMeaning(t.IsSigned), name: t.String()}
	case *format.NullType:
		return sense{of: meansNull, name: t.String()}
	case *format.Float16Type:
		return sense{of: meansHalf, name: t.String()}
	}
	return sense{of: meansOther, name: t.String()}
}

func intMeaning(signed bool) meaning {
	if signed {
		return meansItself
	}
	return meansUnsigned
}

func decimalSense(precision, scale int32) sense {
	s := sense{of: meansDecimal, name: fmt.Sprintf("DECIMAL(%d,%d)", precision, scale), scale: int(scale)}
	if scale < 0 || scale > maxScale {
		s.of = meansOther
	}
	return s
}

// timestampSense refuses times without a zone: what instants they are depends on
// the clock of whoever wrote them.
func timestampSense(t *format.TimestampType) sense {
	if !t.IsAdjustedToUTC {
		return sense{of: meansOther, name: "TIMESTAMP without a zone"}
	}
	s := sense{of: meansInstant, name: "TIMESTAMP"}
	switch t.Unit.Value.(type) {
	case *format.NanoSeconds:
		s.tick = 1
	case *format.MicroSeconds:
		s.tick = 1_000
	case *format.MilliSeconds:
		s.tick = 1_000_000
	default:
		return sense{of: meansOther, name: "TIMESTAMP of an unknown unit"}
	}
	return s
}

// convertedNames are the converted types by number.
var convertedNames = [...]string{
	"UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS",
	"TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "UINT_8", "UINT_16", "UINT_32", "UINT_64",
	"INT_8", "INT_16", "INT_32", "INT_64", "JSON", "BSON", "INTERVAL",
}

// convertedSense reads the annotation of old files.
func convertedSense(e *format.SchemaElement) sense {
	t := e.ConvertedType.V
	if t < 0 || int(t) >= len(convertedNames) {
		return sense{of: meansOther, name: fmt.Sprintf("of the unknown converted type %d", t)}
	}
	name := convertedNames[t]
	switch t {
	case deprecated.UTF8, deprecated.Enum:
		return sense{of: meansText, name: name}
	case deprecated.Decimal:
		return decimalSense(e.Precision.V, e.Scale.V)
	case deprecated.TimestampMillis:
		return sense{of: meansInstant, name: name, tick: 1_000_000}
	case deprecated.TimestampMicros:
		return sense{of: meansInstant, name: name, tick: 1_000}
	case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		return sense{of: meansItself, name: name}
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return sense{of: meansUnsigned, name: name}
	}
	return sense{of: meansOther, name: name}
}
