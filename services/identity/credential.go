package identity

import (
	"encoding/base32"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minPassword = 12
	maxPassword = 1024
	// A password of fewer different characters is a pattern.
	minDistinct = 5
)

// normalEmail is the form an address is kept and looked up in: without surrounding space, in lower case.
func normalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// parseEmail normalises an address and refuses what no mail server takes (RFC 5321, without quoted local parts).
func parseEmail(s string, maxLength int) (string, error) {
	email := normalEmail(s)
	refused := ErrBadEmail.WithField("email", "format", "It has to be an e-mail address such as ada@example.com.")
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || len(local) > 64 || len(email) > maxLength || !utf8.ValidString(email) {
		return "", refused
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return "", refused
	}
	for _, r := range local {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`()<>[]:;@\,"`, r) || unicode.IsSpace(r) || unicode.IsControl(r) || !unicode.IsPrint(r) {
			return "", refused
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return "", refused
		}
		for _, r := range label {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return "", refused
			}
		}
	}
	return email, nil
}

// checkPassword holds a new password to the rules: long enough, and nothing an attacker tries first.
func checkPassword(password, email string) error {
	refuse := func(code, message string) error { return ErrBadPassword.WithField("password", code, message) }
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return refuse("too_short", "It needs at least 12 characters.")
	case n > maxPassword:
		return refuse("too_long", "It can have at most 1024 characters.")
	}
	low := strings.ToLower(password)
	local, _, _ := strings.Cut(email, "@")
	distinct := map[rune]bool{}
	for _, r := range low {
		distinct[r] = true
	}
	known := !strings.Contains(low, "\n") && strings.Contains(wellKnown, "\n"+low+"\n")
	if known || len(distinct) < minDistinct || low == email || low == local {
		return refuse("too_common", "It is too easy to guess.")
	}
	return nil
}

// wellKnown are passwords of 12 characters and more from the top of leaked lists, one a line.
const wellKnown = `
0123456789ab
012345678910
0987654321qwerty
1111111111111
111222333444
112233445566
1234567890-=
1234567890123
12345678901234
123456789012345
1234567890abc
1234567890qwerty
123456789abc
123456789qwe
123456789qwerty
1234qwerasdf
1234qwerasdfzxcv
123qweasdzxc
1q2w3e4r5t6y
1q2w3e4r5t6y7u
1q2w3e4r5t6y7u8i
1q2w3e4r5t6y7u8i9o0p
1qaz2wsx3edc
1qaz2wsx3edc4rfv
1qazxsw23edc
123456789012
abc123456789
abcd12345678
abcdefghijkl
abcdefghijklmnop
abcdefghijklmnopqrstuvwxyz
administrator
administrator1
admin1234567
admin12345678
admin123456789
adminadminadmin
asdfghjkl123
asdfghjkl1234
asdfghjkl;'\
basketball123
iloveyou1234
iloveyou12345
letmein12345
letmein123456
liverpool123
manchester123
p@ssw0rd1234
passw0rd1234
password0123
password1234
password12345
password123456
password1234567
password12345678
password123456789
passwordpassword
princess1234
qazwsxedcrfv
qazwsxedc123
qwerty123456
qwerty1234567
qwerty12345678
qwerty123456789
qwertyuiop12
qwertyuiop123
qwertyuiop1234
qwertyuiop[]
qwertyuiopasdf
qwertyuiopasdfghjkl
qwertyuiopasdfghjklzxcvbnm
sunshine1234
superman1234
unbelievable
welcome12345
welcome123456
zaq12wsxcde3
zxcvbnm12345
zxcvbnm123456
zxcvbnmasdfghjkl
`

// newPassword makes a password of 120 random bits that can be read aloud.
func newPassword() string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(random(15)))
}

// cleanText trims a text of one line and refuses control characters, which no name or phone has and no database keeps.
func cleanText(field, s string) (string, error) {
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "", ErrBadText.WithField(field, "characters", "It holds characters that are not allowed.")
	}
	return s, nil
}

// cleanOptional is cleanText for what may be absent; an empty text is absent.
func cleanOptional(field string, s *string) (*string, error) {
	if s == nil {
		return nil, nil //nolint:nilnil // absent in, absent out
	}
	clean, err := cleanText(field, *s)
	if err != nil || clean == "" {
		return nil, err
	}
	return &clean, nil
}
