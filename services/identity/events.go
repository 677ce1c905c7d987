package identity

// What the room announces.
const (
	subjectTenantCreated      = "evt.identity.tenant.created"
	subjectSettingsUpdated    = "evt.identity.settings.updated"
	subjectStaffCreated       = "evt.identity.staff.created"
	subjectCustomerRegistered = "evt.identity.customer.registered"
	subjectCustomerUpdated    = "evt.identity.customer.updated"
	subjectGroupCreated       = "evt.identity.customer_group.created"
	subjectGroupUpdated       = "evt.identity.customer_group.updated"
	subjectGroupDeleted       = "evt.identity.customer_group.deleted"
)
