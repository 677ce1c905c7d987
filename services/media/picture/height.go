package picture

// HeightAt is how high a picture of w × h is at another width.
func HeightAt(w, h, width int) int { return max(1, (h*width+w/2)/w) }
