package chaos

// points are where SOVECOM_STOP_AT can end the process: after each step of services/checkout/steps.go.
func points() []string {
	return []string{"open", "claim", "snapshot", "reserve", "place"}
}
