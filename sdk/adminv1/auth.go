package adminv1

// User is a member of staff.
type User struct {
	ID          string   `json:"id" format:"uuid" doc:"UUIDv7."`
	Email       string   `json:"email" format:"email" doc:"Address to sign in with, in lower case."`
	Name        string   `json:"name" doc:"Name."`
	Role        string   `json:"role" enum:"owner,admin,staff" doc:"What the user is."`
	Permissions []string `json:"permissions" nullable:"false" doc:"What the user may do, e.g. products:write."`
	Disabled    bool     `json:"disabled" doc:"Whether the user is locked out."`
	LastLoginAt *Time    `json:"lastLoginAt" format:"date-time" doc:"When the user last signed in; null: never."`
	Version     int64    `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt   Time     `json:"createdAt" format:"date-time" doc:"When the account was made."`
	UpdatedAt   Time     `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// Login is the body of POST /admin/v1/auth/login.
type Login struct {
	Email    string `json:"email" minLength:"1" maxLength:"254" example:"owner@example.com" doc:"Address of the account."`
	Password string `json:"password" minLength:"1" maxLength:"1024" doc:"Password of the account."`
}

// LoginResult is the answer of a login: a session, or, when a second factor is switched on, a challenge to answer.
// The refresh token travels in an HttpOnly cookie, never in the body.
type LoginResult struct {
	AccessToken string   `json:"accessToken,omitempty" doc:"Send it as Authorization: Bearer. A JWT signed with EdDSA."`
	ExpiresIn   int      `json:"expiresIn,omitempty" minimum:"0" example:"900" doc:"Seconds until the access token ends."`
	User        *User    `json:"user,omitempty" doc:"Who is signed in."`
	Challenge   string   `json:"challenge,omitempty" doc:"Instead of a session: what to answer with a second factor."`
	Methods     []string `json:"methods,omitempty" nullable:"false" doc:"With challenge: the second factors that may answer it, e.g. totp."`
}

// Session is the answer of a refresh: a login without a challenge.
type Session struct {
	AccessToken string `json:"accessToken" doc:"Send it as Authorization: Bearer."`
	ExpiresIn   int    `json:"expiresIn" minimum:"0" example:"900" doc:"Seconds until the access token ends."`
	User        User   `json:"user" doc:"Who is signed in."`
}

// CreateUser is the body of POST /admin/v1/users.
type CreateUser struct {
	Email    string `json:"email" format:"email" minLength:"3" maxLength:"254" example:"ada@example.com" doc:"Address to sign in with."`
	Name     string `json:"name" minLength:"1" maxLength:"255" doc:"Name."`
	Role     string `json:"role" enum:"admin,staff" doc:"What the user is. The first owner is made at setup; an owner can make others."`
	Password string `json:"password" minLength:"12" maxLength:"1024" doc:"At least 12 characters; well-known ones are refused."`
}

// UpdateUser is the body of PATCH /admin/v1/users/{id}.
type UpdateUser struct {
	Name     Optional[string] `json:"name,omitzero" minLength:"1" maxLength:"255" nullable:"false" doc:"Name."`
	Role     Optional[string] `json:"role,omitzero" enum:"owner,admin,staff" nullable:"false" doc:"What the user is, from the next request on. Not of oneself, nor of the last owner."`
	Disabled Optional[bool]   `json:"disabled,omitzero" nullable:"false" doc:"Whether the user is locked out, and signed out everywhere at once. Not of oneself, nor of the last owner."`
}
