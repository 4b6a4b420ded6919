/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The same mails, mail servers and parameters through James's own {@code RemoteDelivery} and through ours, in one James. What
 * goes through is in {@link org.jamesoutgoing.migrating.Scenario}, what may differ in
 * {@link org.jamesoutgoing.migrating.Difference}.
 */
package org.jamesoutgoing.migrating;
