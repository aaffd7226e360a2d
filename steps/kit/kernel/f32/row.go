package f32

// groupCols is the number of columns that the kernel of one row takes at once.
const groupCols = 4 * panelCols

// oneRow computes the product of a single row, as the prediction of one window needs
// it. All of k goes by at once: B is read once, so blocks would help nothing.
func (g *product) oneRow() {
	if g.k == 0 {
		g.block(0, 1, 0, 0)
		return
	}
	groups := g.n / groupCols
	active.row(g.k, &g.a[0], g.acs*float, &g.b.data[0], g.b.rowStep*float, g.b.toNext*float,
		&g.start[0], g.startPanel*float, &g.c[0], groups)
	for j := groups * groupCols; j < g.n; j += panelCols {
		g.tiles(1, 1, g.a, g.ars, g.acs, 0, j, 0, g.k)
	}
}
