/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/** The SASL mechanisms this client speaks. */
public enum AuthMechanism {
    /** RFC 4616. */
    PLAIN("PLAIN"),
    /** draft-murchison-sasl-login; obsolete and everywhere. */
    LOGIN("LOGIN"),
    /** RFC 2195: the secret itself is not sent. */
    CRAM_MD5("CRAM-MD5"),
    /** Google's and Microsoft's OAuth 2 bearer tokens: the secret is the access token. */
    XOAUTH2("XOAUTH2");

    private final String keyword;

    AuthMechanism(String keyword) {
        this.keyword = keyword;
    }

    /** As it stands in the reply to {@code EHLO} and in the {@code AUTH} command. */
    public String keyword() {
        return keyword;
    }
}
