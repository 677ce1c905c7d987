package identity

// What the room announces.
const (
	subjectTenantCreated      = "evt.identity.tenant.created"
	subjectSettingsUpdated    = "evt.identity.settings.updated"
	subjectCustomerRegistered = "evt.identity.customer.registered"
)
