/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Supplier;

/**
 * Who this client is to a host. Part of a pooled connection's identity: two mails share an authenticated connection only when
 * their credentials are equal, and a supplier that is a lambda equals only itself, so build one per route, not one per mail
 * (or make the supplier a record).
 *
 * @param user the authentication identity
 * @param secret gives the password or access token; asked anew at each connect, on the content executor, so it may read a
 *     file. Its value is never kept, logged or compared
 * @param mechanisms what may be used, the most wanted first
 */
public record Credentials(String user, Supplier<String> secret, List<AuthMechanism> mechanisms) {

    public Credentials {
        requireNonNull(user, "user");
        requireNonNull(secret, "secret");
        mechanisms = List.copyOf(mechanisms);
        if (mechanisms.isEmpty()) {
            throw new IllegalArgumentException("credentials without an authentication mechanism");
        }
    }

    /** A password: PLAIN, LOGIN or CRAM-MD5, in this order. */
    public static Credentials password(String user, Supplier<String> secret) {
        return new Credentials(user, secret, List.of(AuthMechanism.PLAIN, AuthMechanism.LOGIN, AuthMechanism.CRAM_MD5));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credentials[user=" + user + ", mechanisms=" + mechanisms + "]";
    }
}
