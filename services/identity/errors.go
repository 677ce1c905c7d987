package identity

import (
	"time"

	"github.com/sovecom/sovecom/kit/fault"
)

// What the room's methods return.
var (
	// ErrLoginFailed does not say which of the two was wrong.
	ErrLoginFailed  = fault.Unauthenticated("identity.login_failed", "The e-mail address or the password is wrong.")
	ErrSessionEnded = fault.Unauthenticated("identity.session_ended", "This session has ended. Please sign in again.")
	// ErrRefreshOverlap: the cookie has just been replaced by another request, whose session is good.
	ErrRefreshOverlap = fault.Conflict("identity.refresh_overlap", "This session is being refreshed by another request. Use what that one was given.").
				WithRetryAfter(time.Second)
	ErrTooManyAttempts  = fault.RateLimited("identity.too_many_attempts", "There were too many attempts. Please wait a while.")
	ErrBusy             = fault.Unavailable("identity.busy", "Too many people are signing in right now. Please try again.").WithRetryAfter(time.Second)
	ErrBadEmail         = fault.Invalid("identity.bad_email", "The e-mail address is not valid.")
	ErrBadPassword      = fault.Invalid("identity.bad_password", "The password is not accepted.")
	ErrBadText          = fault.Invalid("identity.bad_text", "A text holds characters that are not allowed.")
	ErrEmailTaken       = fault.Conflict("identity.email_taken", "There is an account with this e-mail address already.")
	ErrStaffNotFound    = fault.NotFound("identity.user_not_found", "There is no such user.")
	ErrOwnAccount       = fault.Conflict("identity.own_account", "Nobody can lock out, delete or give another role to themselves. Another owner can.")
	ErrLastOwner        = fault.Conflict("identity.last_owner", "The shop needs an owner who can sign in, and this is the last one.")
	ErrGroupNotFound    = fault.NotFound("identity.customer_group_not_found", "There is no such customer group.")
	ErrGroupCodeTaken   = fault.Conflict("identity.customer_group_code_taken", "There is a customer group with this code already.")
	ErrGroupInUse       = fault.Conflict("identity.customer_group_in_use", "There are customers in the group, or price lists for it.")
	ErrGroupInvalid     = fault.Invalid("identity.customer_group_invalid", "The customer group is not valid.")
	ErrGroupUnknown     = fault.Invalid("identity.customer_group_unknown", "There is no such customer group.")
	ErrCustomerNotFound = fault.NotFound("identity.customer_not_found", "There is no such customer.")
	ErrVersionConflict  = fault.Stale("identity.version_conflict", "It has changed since you looked. Load it again.")
	ErrBadSettings      = fault.Invalid("identity.bad_settings", "Some settings are not valid.")
	ErrBadHost          = fault.Invalid("identity.bad_host", "A host name is not valid.")
	ErrShopNotFound     = fault.NotFound("identity.shop_not_found", "There is no such shop.")
	ErrHostUnknown      = fault.NotFound("identity.host_unknown", "No shop answers on this host name.")
	ErrHostTaken        = fault.Conflict("identity.host_taken", "Another shop answers on this host name.")
)
