package model

// A Series holds windows as rows of points. Windows of one episode that overlap share
// their rows.
type Series struct {
	Columns int       // of a row: channels
	Points  int       // rows of a window
	Data    []float32 // rows × columns; NaN is missing
	Start   []int     // of each window: its first row
}

// Window returns window i, points × columns row-major. It must not be changed.
func (s *Series) Window(i int) []float32 {
	at := s.Start[i] * s.Columns
	return s.Data[at : at+s.Points*s.Columns]
}

// Rows returns the number of rows.
func (s *Series) Rows() int { return len(s.Data) / s.Columns }
