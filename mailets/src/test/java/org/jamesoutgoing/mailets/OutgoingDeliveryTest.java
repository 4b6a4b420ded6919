/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.junit.jupiter.api.Test;

/** How it stops James's start; what it delivers is tested with the service. */
class OutgoingDeliveryTest {

    @Test
    void aWrongParameterStopsTheStartWithOneLine() {
        assertThatThrownBy(() -> mailet(Domain.of("a.example")).init(Read.config("queueLifeTime", "5d")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OutgoingDelivery: unknown parameter 'queueLifeTime'; did you mean 'queueLifetime'?");
    }

    @Test
    void aJamesWithoutDefaultDomainStillReadsTheSettings() {
        assertThatThrownBy(() -> mailet(null).init(Read.config("tls", "on")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("OutgoingDelivery: parameter 'tls' is 'on'; allowed: ");
    }

    /** A mailet that fails before it needs a service. */
    private static OutgoingDelivery mailet(Domain defaultDomain) {
        DomainList domains = (DomainList) Proxy.newProxyInstance(
                DomainList.class.getClassLoader(), new Class<?>[] {DomainList.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getDefaultDomain") && defaultDomain != null) {
                        return defaultDomain;
                    }
                    throw new DomainListException("no default domain");
                });
        return new OutgoingDelivery(null, domains);
    }
}
