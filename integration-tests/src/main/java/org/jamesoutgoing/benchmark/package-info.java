/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The service against James's stock RemoteDelivery, in the same James and the same run. Start reading at
 * {@link org.jamesoutgoing.benchmark.DeliveryBenchmark}.
 */
package org.jamesoutgoing.benchmark;
