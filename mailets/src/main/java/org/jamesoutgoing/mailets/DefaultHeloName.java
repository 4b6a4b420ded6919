/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The name of this server when the parameter {@code heloName} is not given. */
final class DefaultHeloName {

    private static final Logger LOGGER = LoggerFactory.getLogger(DefaultHeloName.class);

    private DefaultHeloName() {}

    /** As RemoteDelivery does: the default domain, which James has be {@code localhost} where nobody gives one. */
    static String of(DomainList domainList) {
        try {
            return domainList.getDefaultDomain().asString();
        } catch (DomainListException e) {
            LOGGER.warn("James has no default domain: using localhost", e);
            return "localhost";
        }
    }
}
