//go:build linux

package trees
import "testing"
import "os"
func TestZZ(t *testing.T){ for n,d:=range map[int]string{100000:"/tmp/t100",600000:"/tmp/t600"}{ os.MkdirAll(d,0o755); if err:=recorded(n,20000).write(d);err!=nil{t.Fatal(err)}}}
