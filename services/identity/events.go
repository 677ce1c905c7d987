package identity

// What the room announces.
const (
	subjectTenantCreated      = "evt.identity.tenant.created"
	subjectTenantUpdated      = "evt.identity.tenant.updated"
	subjectSettingsUpdated    = "evt.identity.settings.updated"
	subjectStaffCreated       = "evt.identity.staff.created"
	subjectStaffUpdated       = "evt.identity.staff.updated"
	subjectStaffDeleted       = "evt.identity.staff.deleted"
	subjectCustomerRegistered = "evt.identity.customer.registered"
	subjectCustomerUpdated    = "evt.identity.customer.updated"
	subjectGroupCreated       = "evt.identity.customer_group.created"
	subjectGroupUpdated       = "evt.identity.customer_group.updated"
	subjectGroupDeleted       = "evt.identity.customer_group.deleted"
)
