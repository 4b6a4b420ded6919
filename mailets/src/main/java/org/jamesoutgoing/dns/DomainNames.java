/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.util.Optional;

/** How domains are compared. */
public final class DomainNames {

    private DomainNames() {}

    /**
     * The one spelling of a domain: A-labels (RFC 5890) in lower case, without a trailing dot.
     *
     * @param domain any spelling of it
     * @return empty when it is no domain name: an address literal, a name with a character or of a length that none has
     */
    public static Optional<String> canonical(String domain) {
        return MailDomain.parse(domain) instanceof MailDomain.Name name ? Optional.of(name.ascii()) : Optional.empty();
    }

    /** Whether a domain is certainly in that spelling, which nearly all come in; when false, it may be nevertheless. */
    public static boolean isCanonical(String domain) {
        return MailDomain.isPlain(domain);
    }
}
