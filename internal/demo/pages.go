package demo

import "strings"

// Page is a page of the shop's own in one language, published.
type Page struct {
	Key    string // what it is for, the same in every language; also its slug
	Locale string // BCP 47
	Title  string
	Body   string // Markdown
}

// Pages are the texts that a shop in the European Union shows besides its products, as a demonstration: each says what a shop has to put
// there, and by which law. They are in English, French and German.
func Pages() []Page {
	var out []Page
	for _, p := range []struct {
		key   string
		texts map[string]string // the title on the first line
	}{
		{"about", map[string]string{
			"en": `About us
Maison Merle is a shop that does not exist. Its makers, prices and pictures are invented, so that you can see how a shop looks.

## Instead of this

Say who you are, where your goods come from and whom to write to.`,
			"fr": `À propos
Maison Merle est une boutique qui n’existe pas. Ses fabricants, ses prix et ses images sont inventés, pour montrer à quoi ressemble une boutique.

## À la place de ce texte

Dites qui vous êtes, d’où viennent vos produits et à qui écrire.`,
			"de": `Über uns
Maison Merle ist ein Laden, den es nicht gibt. Hersteller, Preise und Bilder sind erfunden und zeigen, wie ein Laden aussieht.

## Statt dieses Textes

Sagen Sie, wer Sie sind, woher Ihre Waren kommen und an wen man schreibt.`,
		}},
		{"imprint", map[string]string{
			"en": `Imprint
**This is a demonstration. Nothing can be bought here.**

Directive 2000/31/EC, Art. 5, wants these to be easily, directly and permanently accessible:

* the name of the business and the address where it is established
* an e-mail address, and whatever else makes quick and direct contact possible
* the trade register and the number in it
* the authority that supervises it, where there is one; the rules of a regulated profession
* the VAT identification number`,
			"fr": `Mentions légales
**Ceci est une démonstration. Rien ne peut être acheté ici.**

La directive 2000/31/CE, art. 5, demande un accès facile, direct et permanent à ces informations :

* le nom de l’entreprise et l’adresse de son établissement
* une adresse électronique et tout ce qui permet un contact rapide et direct
* le registre du commerce et le numéro d’immatriculation
* l’autorité de surveillance, s’il y en a une ; les règles d’une profession réglementée
* le numéro d’identification à la TVA`,
			"de": `Impressum
**Dies ist eine Vorführung. Hier kann nichts gekauft werden.**

Nach Art. 5 der Richtlinie 2000/31/EG müssen leicht, unmittelbar und ständig zugänglich sein:

* der Name des Unternehmens und die Anschrift der Niederlassung
* eine E-Mail-Adresse und was sonst schnellen und unmittelbaren Kontakt erlaubt
* das Handelsregister und die Nummer darin
* die Aufsichtsbehörde, wo es eine gibt; die Regeln eines reglementierten Berufs
* die Umsatzsteuer-Identifikationsnummer`,
		}},
		{"privacy", map[string]string{
			"en": `Privacy
**This is a demonstration.** Regulation (EU) 2016/679 (GDPR), Art. 13 and 14, says what people are told when data about them is collected:

| what | for example |
|---|---|
| who is responsible, and their data protection officer | name, address, e-mail |
| why, and on which legal basis | a contract, Art. 6(1)(b) |
| who receives the data | carriers, payment providers |
| transfers outside the EU | to which country, on which safeguard |
| how long | the years that tax law asks for |
| rights | access, rectification, erasure, restriction, portability, objection, complaint to an authority |`,
			"fr": `Confidentialité
**Ceci est une démonstration.** Le règlement (UE) 2016/679 (RGPD), art. 13 et 14, dit ce dont les personnes sont informées quand on collecte leurs données :

| quoi | par exemple |
|---|---|
| le responsable et son délégué à la protection des données | nom, adresse, adresse électronique |
| les finalités et la base juridique | un contrat, art. 6, § 1, b) |
| les destinataires | transporteurs, prestataires de paiement |
| les transferts hors de l’UE | vers quel pays, avec quelle garantie |
| la durée de conservation | les années que demande la loi fiscale |
| les droits | accès, rectification, effacement, limitation, portabilité, opposition, réclamation auprès d’une autorité |`,
			"de": `Datenschutz
**Dies ist eine Vorführung.** Die Verordnung (EU) 2016/679 (DSGVO), Art. 13 und 14, sagt, worüber Menschen unterrichtet werden, wenn man Daten über sie erhebt:

| was | zum Beispiel |
|---|---|
| wer verantwortlich ist, und der Datenschutzbeauftragte | Name, Anschrift, E-Mail |
| wozu und auf welcher Rechtsgrundlage | ein Vertrag, Art. 6 Abs. 1 Buchst. b |
| wer die Daten erhält | Paketdienste, Zahlungsdienste |
| Übermittlungen in Länder außerhalb der EU | wohin und mit welcher Garantie |
| wie lange | die Jahre, die das Steuerrecht verlangt |
| Rechte | Auskunft, Berichtigung, Löschung, Einschränkung, Übertragbarkeit, Widerspruch, Beschwerde bei einer Behörde |`,
		}},
		{"terms", map[string]string{
			"en": `Terms and conditions
**This is a demonstration.** Directive 2011/83/EU, Art. 6(1), lists what a consumer is told before buying at a distance, among it:

1. the main characteristics of the goods
2. the total price with taxes, and every further charge
3. how payment, delivery and performance are arranged, and by when
4. the reminder of the legal guarantee of conformity (Directive (EU) 2019/771)
5. how complaints are handled

Directive 2000/31/EC, Art. 10(3), wants terms in a form that can be stored and reproduced.`,
			"fr": `Conditions générales de vente
**Ceci est une démonstration.** La directive 2011/83/UE, art. 6, § 1, énumère ce que le consommateur apprend avant un achat à distance, notamment :

1. les principales caractéristiques du bien
2. le prix total, taxes comprises, et tous les frais supplémentaires
3. les modalités de paiement, de livraison et d’exécution, et leur date
4. le rappel de la garantie légale de conformité (directive (UE) 2019/771)
5. le traitement des réclamations

La directive 2000/31/CE, art. 10, § 3, veut des conditions que l’on peut conserver et reproduire.`,
			"de": `Allgemeine Geschäftsbedingungen
**Dies ist eine Vorführung.** Die Richtlinie 2011/83/EU, Art. 6 Abs. 1, zählt auf, was Verbraucher vor einem Kauf im Fernabsatz erfahren, darunter:

1. die wesentlichen Eigenschaften der Ware
2. den Gesamtpreis mit Steuern und alle weiteren Kosten
3. wie und bis wann gezahlt, geliefert und geleistet wird
4. den Hinweis auf die gesetzliche Gewährleistung (Richtlinie (EU) 2019/771)
5. wie mit Beschwerden umgegangen wird

Nach Art. 10 Abs. 3 der Richtlinie 2000/31/EG müssen Bedingungen gespeichert und wiedergegeben werden können.`,
		}},
		{"withdrawal", map[string]string{
			"en": `Right of withdrawal
**This is a demonstration.** Directive 2011/83/EU, Art. 9, gives consumers 14 days to withdraw from a contract made at a distance, without a reason.

* Put here the model instructions of Annex I(A), filled in, and the model form of Annex I(B).
* Say who bears the cost of sending goods back (Art. 6(1)(i)).
* Say when there is no right of withdrawal (Art. 16), such as for goods made to order.
* Since 19 June 2026 there is a function to withdraw online (Art. 11a).`,
			"fr": `Droit de rétractation
**Ceci est une démonstration.** La directive 2011/83/UE, art. 9, donne au consommateur 14 jours pour se rétracter d’un contrat à distance, sans motif.

* Mettez ici les instructions types de l’annexe I, A, complétées, et le formulaire type de l’annexe I, B.
* Dites qui paie les frais de renvoi (art. 6, § 1, i)).
* Dites quand il n’y a pas de droit de rétractation (art. 16), par exemple pour des biens faits sur mesure.
* Depuis le 19 juin 2026, une fonctionnalité permet de se rétracter en ligne (art. 11 bis).`,
			"de": `Widerrufsrecht
**Dies ist eine Vorführung.** Die Richtlinie 2011/83/EU, Art. 9, gibt Verbrauchern 14 Tage, einen im Fernabsatz geschlossenen Vertrag ohne Grund zu widerrufen.

* Hierher gehören die ausgefüllte Muster-Widerrufsbelehrung (Anhang I Teil A) und das Muster-Widerrufsformular (Teil B).
* Sagen Sie, wer die Kosten der Rücksendung trägt (Art. 6 Abs. 1 Buchst. i).
* Sagen Sie, wann es kein Widerrufsrecht gibt (Art. 16), etwa bei Waren nach Maß.
* Seit dem 19. Juni 2026 gibt es eine Funktion zum Widerruf im Netz (Art. 11a).`,
		}},
		{"shipping", map[string]string{
			"en": `Shipping and payment
**This is a demonstration.** Directive 2011/83/EU wants to be told, at the latest when an order is begun, whether there are restrictions on delivery and which means of payment are accepted (Art. 8(3)).

* where you deliver to, what it costs and how long it takes; without another agreement at most 30 days (Art. 18)
* the risk is yours until the consumer has the goods (Art. 20)
* no fee for a means of payment beyond what it costs you (Art. 19)`,
			"fr": `Livraison et paiement
**Ceci est une démonstration.** La directive 2011/83/UE veut que l’on sache, au plus tard au début de la commande, s’il y a des restrictions de livraison et quels moyens de paiement sont acceptés (art. 8, § 3).

* où vous livrez, à quel prix et en combien de temps ; sans autre accord, 30 jours au plus (art. 18)
* le risque est pour vous jusqu’à ce que le consommateur ait le bien (art. 20)
* pas de frais pour un moyen de paiement au-delà de ce qu’il vous coûte (art. 19)`,
			"de": `Versand und Zahlung
**Dies ist eine Vorführung.** Nach der Richtlinie 2011/83/EU muss spätestens bei Beginn der Bestellung stehen, ob es Lieferbeschränkungen gibt und welche Zahlungsmittel angenommen werden (Art. 8 Abs. 3).

* wohin Sie liefern, was es kostet und wie lange es dauert; ohne andere Absprache höchstens 30 Tage (Art. 18)
* die Gefahr tragen Sie, bis der Verbraucher die Ware hat (Art. 20)
* kein Entgelt für ein Zahlungsmittel, das über Ihre Kosten hinausgeht (Art. 19)`,
		}},
	} {
		for _, locale := range []string{"en", "fr", "de"} {
			title, body, _ := strings.Cut(p.texts[locale], "\n")
			out = append(out, Page{Key: p.key, Locale: locale, Title: title, Body: body})
		}
	}
	return out
}
